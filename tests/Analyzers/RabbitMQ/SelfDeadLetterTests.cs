namespace Reliability.Tests.RabbitMQ;

public sealed class SelfDeadLetterTests
{
    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1107:new Dictionary<string, object> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "q" }|});""")]
    [InlineData("""const string Q = "q"; channel.QueueDeclare(Q, true, false, false, {|REL1107:new Dictionary<string, object> { { "x-max-length", 1 }, { "x-dead-letter-exchange", "" }, { "x-dead-letter-routing-key", Q } }|});""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1107:new Dictionary<string, object> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "elsewhere" }|});""")]
    [InlineData("""channel.ExchangeDeclare("dlx", "fanout", true); channel.QueueDeclare("q", true, false, false, {|REL1107:new Dictionary<string, object> { ["x-dead-letter-exchange"] = "dlx" }|});""")]
    [InlineData("""channel.ExchangeDeclare("dlx", "fanout", true); channel.QueueBind("q", "dlx", "", null); channel.QueueDeclare("q", true, false, false, {|REL1107:new Dictionary<string, object> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx" }|});""")]
    [InlineData("""const string X = "dlx"; channel.ExchangeDeclare(X, "direct", true); channel.QueueBind("q", X, "k", null); channel.QueueDeclare("q", true, false, false, {|REL1107:new Dictionary<string, object> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx", ["x-dead-letter-routing-key"] = "k" }|});""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<SelfDeadLetter>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, null);""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "q" });""")]
    [InlineData("""channel.QueueDeclare("dead", true, false, false, null); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "dead" });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "d", ["x-dead-letter-routing-key"] = "q" });""")]
    [InlineData("""channel.QueueDeclare(text, true, false, false, null); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "elsewhere" });""")]
    [InlineData("""channel.QueueDeclarePassive("dead"); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "dead" });""")]
    [InlineData("""channel.ExchangeDeclare("dlx", "fanout", true); channel.QueueDeclare("dead", true, false, false, null); channel.QueueBind("dead", "dlx", "", null); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""channel.ExchangeDeclare("dlx", "fanout", true); channel.QueueBind(text, text, "", null); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""channel.ExchangeDeclare("dlx", "fanout", true); channel.ExchangeBind("other", "dlx", "", null); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""channel.ExchangeDeclare("dlx", "fanout", true); channel.QueueBind("q", "dlx", "", null); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""channel.ExchangeDeclare("dlx", "fanout", true); channel.QueueBind("q", "dlx", "", null); channel.QueueBind("dead", "dlx", "", null); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""channel.ExchangeDeclare("dlx", "direct", true); channel.QueueBind("q", "dlx", "other", null); channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx", ["x-dead-letter-routing-key"] = "k" });""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<SelfDeadLetter>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, {|REL1107:new Dictionary<string, object?> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "q" }|});""")]
    [InlineData("""await channel.ExchangeDeclareAsync("dlx", "fanout", true); await channel.QueueDeclareAsync("q", true, false, false, {|REL1107:new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "dlx" }|});""")]
    [InlineData("""await channel.ExchangeDeclareAsync("dlx", "fanout", true); await channel.QueueBindAsync("q", "dlx", "", null); await channel.QueueDeclareAsync("q", true, false, false, {|REL1107:new Dictionary<string, object?> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx" }|});""")]
    [InlineData("""const string X = "dlx"; await channel.ExchangeDeclareAsync(X, "direct", true); await channel.QueueBindAsync("q", X, "k", null); await channel.QueueDeclareAsync("q", true, false, false, {|REL1107:new Dictionary<string, object?> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx", ["x-dead-letter-routing-key"] = "k" }|});""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<SelfDeadLetter>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "dead" }); await channel.QueueDeclareAsync("dead", true, false, false);""")]
    [InlineData("""await channel.ExchangeDeclareAsync("dlx", "fanout", true); await channel.QueueDeclareAsync("dead", true, false, false, null); await channel.QueueBindAsync("dead", "dlx", "", null); await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""await channel.ExchangeDeclareAsync("dlx", "fanout", true); await channel.QueueBindAsync(text, text, "", null); await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""await channel.ExchangeDeclareAsync("dlx", "fanout", true); await channel.ExchangeBindAsync("other", "dlx", "", null); await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""await channel.ExchangeDeclareAsync("dlx", "fanout", true); await channel.QueueBindAsync("q", "dlx", "", null); await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""await channel.ExchangeDeclareAsync("dlx", "fanout", true); await channel.QueueBindAsync("q", "dlx", "", null); await channel.QueueBindAsync("dead", "dlx", "", null); await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx" });""")]
    [InlineData("""await channel.ExchangeDeclareAsync("dlx", "direct", true); await channel.QueueBindAsync("q", "dlx", "other", null); await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-message-ttl"] = 1, ["x-dead-letter-exchange"] = "dlx", ["x-dead-letter-routing-key"] = "k" });""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<SelfDeadLetter>(Client.RabbitMq7, statement);

    [Fact]
    public Task A_queue_that_another_file_declares_is_found() => Verify.FilesAsync<SelfDeadLetter>(Client.RabbitMq6, [
        """class A { void M(IModel channel) => channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "dead" }); }""",
        """class B { static readonly Action<IModel> Declare = model => model.QueueDeclare("dead", true, false, false, null); }"""]);
}
