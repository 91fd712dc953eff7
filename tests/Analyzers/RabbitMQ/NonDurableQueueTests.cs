namespace Reliability.Tests.RabbitMQ;

public sealed class NonDurableQueueTests
{
    [Theory]
    [InlineData("""channel.QueueDeclare("q", {|REL1102:false|}, false, false, null);""")]
    [InlineData("""channel.QueueDeclare(queue: "hello", durable: {|REL1102:false|}, exclusive: false, autoDelete: false, arguments: null);""")]
    [InlineData("""channel.{|REL1102:QueueDeclare|}("q", exclusive: false, autoDelete: false);""")]
    [InlineData("""channel.QueueDeclare(text, {|REL1102:false|}, exclusive: false);""")]
    [InlineData("""channel.QueueDeclareNoWait("q", {|REL1102:false|}, false, false, null);""")]
    [InlineData("""IModelExensions.{|REL1102:QueueDeclare|}(channel, "q", exclusive: false);""")]
    [InlineData("""bool durable = false; channel.QueueDeclare("q", {|REL1102:durable|}, false, false, null);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<NonDurableQueue>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, null);""")]
    [InlineData("""channel.QueueDeclare("q", flag, false, false, null);""")]
    [InlineData("""channel.QueueDeclare();""")]
    [InlineData("""channel.QueueDeclare("", false, false, false, null);""")]
    [InlineData("""channel.QueueDeclare(string.Empty, false, false, false, null);""")]
    [InlineData("""channel.QueueDeclare("reply", false, true, true, null);""")]
    [InlineData("""channel.QueueDeclare("q", false, flag, false, null);""")]
    [InlineData("""channel.QueueDeclarePassive("q");""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<NonDurableQueue>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", {|REL1102:false|}, false, false, null, false, false);""")]
    [InlineData("""await channel.QueueDeclareAsync(queue: "q", durable: {|REL1102:false|}, exclusive: false, autoDelete: false, arguments: null);""")]
    [InlineData("""await channel.{|REL1102:QueueDeclareAsync|}("q", exclusive: false);""")]
    [InlineData("""await channel.QueueDeclareAsync("q", {|REL1102:false|}, false);""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<NonDurableQueue>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false);""")]
    [InlineData("""await channel.QueueDeclareAsync("q", flag, false, false);""")]
    [InlineData("""await channel.QueueDeclareAsync();""")]
    [InlineData("""await channel.QueueDeclareAsync("q", false, false, false, null, passive: true);""")]
    [InlineData("""await channel.QueueDeclarePassiveAsync("q");""")]
    [InlineData("""await channel.QueueDeclareAsync("", exclusive: false);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<NonDurableQueue>(Client.RabbitMq7, statement);
}
