namespace Reliability.Tests.RabbitMQ;

public sealed class RetryCountedInXDeathTests
{
    [Theory]
    [InlineData("""BasicDeliverEventArgs ea = null; if (ea.BasicProperties.Headers.ContainsKey("x-death")) channel.{|REL1209:BasicPublish|}("retry", "k", ea.BasicProperties, ea.Body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null; var p = channel.CreateBasicProperties(); p.Headers = ea.BasicProperties.Headers; if (!p.Headers.TryGetValue("x-death", out var d)) channel.{|REL1209:BasicPublish|}("retry", "k", p, ea.Body);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<RetryCountedInXDeath>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""BasicDeliverEventArgs ea = null; channel.BasicPublish("retry", "k", ea.BasicProperties, ea.Body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null; if (ea.BasicProperties.Headers.ContainsKey("x-death")) channel.BasicReject(ea.DeliveryTag, false);""")]
    [InlineData("""BasicDeliverEventArgs ea = null; if (ea.BasicProperties.Headers.ContainsKey("x-death")) channel.BasicPublish("x", "k", channel.CreateBasicProperties(), ea.Body);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<RetryCountedInXDeath>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""BasicDeliverEventArgs ea = null!; if (ea.BasicProperties.Headers!.ContainsKey("x-death")) await channel.{|REL1209:BasicPublishAsync|}("retry", "k", true, new BasicProperties(ea.BasicProperties), ea.Body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null!; var count = ea.BasicProperties.Headers!["x-death"]; await channel.{|REL1209:BasicPublishAsync|}("retry", "k", true, new BasicProperties { Headers = ea.BasicProperties.Headers }, ea.Body);""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<RetryCountedInXDeath>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""BasicDeliverEventArgs ea = null!; await channel.BasicPublishAsync("retry", "k", true, new BasicProperties(ea.BasicProperties), ea.Body);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<RetryCountedInXDeath>(Client.RabbitMq7, statement);
}
