namespace Reliability.Tests.RabbitMQ;

public sealed class ConnectionBoundQueueTests
{
    [Theory]
    [InlineData("""channel.{|REL1103:QueueDeclare|}("q", durable: true);""")]
    [InlineData("""channel.{|REL1103:QueueDeclare|}("q");""")]
    [InlineData("""channel.QueueDeclare("q", true, {|REL1103:true|}, false, null);""")]
    [InlineData("""channel.QueueDeclare("q", true, false, {|REL1103:true|}, null);""")]
    [InlineData("""channel.QueueDeclare(queue: "q", durable: true, exclusive: {|REL1103:true|}, autoDelete: true);""")]
    [InlineData("""channel.{|REL1103:QueueDeclare|}("q", durable: true, exclusive: false);""")]
    [InlineData("""channel.{|REL1103:QueueDeclare|}(text, durable: true);""")]
    [InlineData("""channel.QueueDeclareNoWait("q", true, {|REL1103:flag ? true : false|}, false, null);""")]
    [InlineData("""const string Name = "orders"; channel.QueueDeclare(Name, false, false, {|REL1103:true|}, null);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<ConnectionBoundQueue>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, null);""")]
    [InlineData("""channel.QueueDeclare();""")]
    [InlineData("""channel.QueueDeclare("");""")]
    [InlineData("""channel.QueueDeclare("", true, true, true, null);""")]
    [InlineData("""channel.QueueDeclare("rpc_reply", false, true, true, null);""")]
    [InlineData("""var replyQueueName = "a"; channel.QueueDeclare(replyQueueName, false, true, true, null);""")]
    [InlineData("""channel.QueueDeclare(text, false, true, true, null);""")]
    [InlineData("""channel.QueueDeclare("q", true, flag, false, null);""")]
    [InlineData("""channel.QueueDeclarePassive("q");""")]
    [InlineData("""channel.QueueDeclare("inbox-" + Guid.NewGuid(), false, true, true, null);""")]
    [InlineData("""channel.QueueDeclare(text, true, exclusive: true, autoDelete: false);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<ConnectionBoundQueue>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.{|REL1103:QueueDeclareAsync|}("q", durable: true);""")]
    [InlineData("""await channel.{|REL1103:QueueDeclareAsync|}("q", true, autoDelete: false);""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, {|REL1103:true|}, false);""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, {|REL1103:true|}, null, false, false);""")]
    [InlineData("""await channel.{|REL1103:QueueDeclareAsync|}(queue: text, durable: true);""")]
    [InlineData("""await channel.QueueDeclareAsync(queue: "q", durable: true, exclusive: false, autoDelete: {|REL1103:true|});""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<ConnectionBoundQueue>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false);""")]
    [InlineData("""await channel.QueueDeclareAsync();""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, true, true, passive: true);""")]
    [InlineData("""await channel.QueueDeclareAsync("replies.1", exclusive: true);""")]
    [InlineData("""await channel.QueueDeclareAsync(durable: true);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<ConnectionBoundQueue>(Client.RabbitMq7, statement);
}
