namespace Reliability.Tests.RabbitMQ;

public sealed class UnreplicatedQueueTests
{
    [Theory]
    [InlineData("""channel.{|REL1105:QueueDeclare|}("q", true, false, false, null);""")]
    [InlineData("""channel.{|REL1105:QueueDeclare|}("q", true, false, false);""")]
    [InlineData("""channel.{|REL1105:QueueDeclare|}("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "d" });""")]
    [InlineData("""channel.{|REL1105:QueueDeclare|}("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "classic" });""")]
    [InlineData("""channel.{|REL1105:QueueDeclare|}(text, true, false, false, null);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<UnreplicatedQueue>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.QueueDeclare("q", false, false, false, null);""")]
    [InlineData("""channel.QueueDeclare("q", true, true, false, null);""")]
    [InlineData("""channel.QueueDeclare("q", true, false, true, null);""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "quorum" });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = text });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-max-priority"] = 5 });""")]
    [InlineData("""channel.QueueDeclare("", true, false, false, null);""")]
    [InlineData("""channel.QueueDeclare(text, true, false, flag, null);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<UnreplicatedQueue>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.{|REL1105:QueueDeclareAsync|}("q", true, false, false);""")]
    [InlineData("""await channel.{|REL1105:QueueDeclareAsync|}(text, true, false, false);""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<UnreplicatedQueue>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "stream" });""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<UnreplicatedQueue>(Client.RabbitMq7, statement);
}
