namespace Reliability.Tests.RabbitMQ;

public sealed class NoMessageIdTests
{
    [Theory]
    [InlineData("""channel.BasicPublish("x", "k", {|REL1207:null|}, body);""")]
    [InlineData("""channel.{|REL1207:BasicPublish|}("x", "k", body: body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.Persistent = true; channel.BasicPublish("x", "k", {|REL1207:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); if (flag) p.MessageId = text; channel.BasicPublish("x", "k", {|REL1207:p|}, body);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<NoMessageId>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""var p = channel.CreateBasicProperties(); p.MessageId = text; channel.BasicPublish("x", "k", p, body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null; channel.BasicPublish("", ea.BasicProperties.ReplyTo, null, body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null; channel.BasicPublish("x", "k", ea.BasicProperties, body);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<NoMessageId>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.{|REL1207:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""await channel.BasicPublishAsync("x", "k", true, {|REL1207:new BasicProperties { Persistent = true }|}, body);""")]
    [InlineData("""await channel.BasicPublishAsync("x", "k", true, {|REL1207:new BasicProperties { MessageId = null }|}, body);""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<NoMessageId>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.BasicPublishAsync("x", "k", true, new BasicProperties { MessageId = text }, body);""")]
    [InlineData("""var p = new BasicProperties(); p.MessageId = Guid.NewGuid().ToString(); await channel.BasicPublishAsync("x", "k", true, p, body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null!; await channel.BasicPublishAsync("x", "k", true, new BasicProperties(ea.BasicProperties), body);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<NoMessageId>(Client.RabbitMq7, statement);
}
