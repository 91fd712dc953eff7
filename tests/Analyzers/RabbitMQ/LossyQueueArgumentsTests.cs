namespace Reliability.Tests.RabbitMQ;

public sealed class LossyQueueArgumentsTests
{
    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1104:new Dictionary<string, object> { ["x-message-ttl"] = 60000 }|});""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1104:new Dictionary<string, object> { { "x-max-length", 10 } }|});""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1104:new Dictionary<string, object> { { "x-max-length-bytes", 10 }, { "x-overflow", "drop-head" } }|});""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1104:new Dictionary<string, object> { ["x-expires"] = 1000, ["x-dead-letter-exchange"] = "d" }|});""")]
    [InlineData("""var a = new Dictionary<string, object>(); a.Add("x-message-ttl", 5); channel.QueueDeclare("q", true, false, false, {|REL1104:a|});""")]
    [InlineData("""var a = new Dictionary<string, object>(); if (flag) a["x-message-ttl"] = 5; channel.QueueDeclare("q", true, false, false, {|REL1104:a|});""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1104:new Dictionary<string, object> { ["x-message-ttl"] = int.Parse(text) }|});""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<LossyQueueArguments>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, null);""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object>());""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-message-ttl"] = 60000, ["x-dead-letter-exchange"] = "d" });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-max-length"] = 10, ["x-overflow"] = "reject-publish" });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-max-length"] = 10, ["x-overflow"] = text });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-max-length-bytes"] = 10, ["x-queue-type"] = "stream" });""")]
    [InlineData("""channel.QueueDeclare("", false, true, true, new Dictionary<string, object> { ["x-expires"] = 1 });""")]
    [InlineData("""var a = new Dictionary<string, object>(); Out.Fill(a); channel.QueueDeclare("q", true, false, false, a); } static class Out { public static Action<Dictionary<string, object>> Fill;""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-message-ttl"] = 60000, [text] = "d" });""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<LossyQueueArguments>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, {|REL1104:new Dictionary<string, object?> { ["x-message-ttl"] = 60000 }|});""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, exclusive: false, arguments: {|REL1104:new Dictionary<string, object?> { { "x-expires", 10 } }|});""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<LossyQueueArguments>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, null);""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-message-ttl"] = 60000, ["x-dead-letter-exchange"] = "" });""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-max-length"] = 10, ["x-overflow"] = "reject-publish-dlx" });""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<LossyQueueArguments>(Client.RabbitMq7, statement);
}
