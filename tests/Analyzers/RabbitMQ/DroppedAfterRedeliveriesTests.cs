namespace Reliability.Tests.RabbitMQ;

public sealed class DroppedAfterRedeliveriesTests
{
    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1106:new Dictionary<string, object> { ["x-queue-type"] = "quorum" }|});""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1106:new Dictionary<string, object> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 5 }|});""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1106:new Dictionary<string, object> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = -1, ["x-dead-letter-exchange"] = "d" }|});""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<DroppedAfterRedeliveries>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, null);""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "quorum", ["x-dead-letter-exchange"] = "d" });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = text });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "classic" });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "quorum", [text] = "d" });""")]
    [InlineData("""var a = new Dictionary<string, object> { ["x-queue-type"] = "quorum" }; if (flag) a["x-dead-letter-exchange"] = "d"; channel.QueueDeclare("q", true, false, false, a);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<DroppedAfterRedeliveries>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, {|REL1106:new Dictionary<string, object?> { { "x-queue-type", "quorum" } }|});""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<DroppedAfterRedeliveries>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { { "x-queue-type", "quorum" }, { "x-dead-letter-exchange", "d" } });""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<DroppedAfterRedeliveries>(Client.RabbitMq7, statement);

    [Fact]
    public async Task A_project_whose_policies_set_dead_letters_says_so()
    {
        var test = Verify.Test<DroppedAfterRedeliveries>(Client.RabbitMq6);
        test.TestState.Sources.Add(Verify.Usings(Client.RabbitMq6) + """class C { void M(IModel channel) => channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "quorum" }); }""");
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\nreliability_dead_letters_by_policy = true\n"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }
}
