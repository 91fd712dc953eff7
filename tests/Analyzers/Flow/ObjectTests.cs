namespace Reliability.Tests.Flow;

/// <summary>Lives of configured objects; shown by a rule that reports properties that are not persistent.</summary>
public sealed class ObjectTests
{
    private const string Fresh = "var p = channel.CreateBasicProperties(); ";

    [Theory]
    [InlineData("if (flag) { p.Persistent = true; } [|p|]")]
    [InlineData("try { p.Persistent = true; } catch (Exception) { } [|p|]")]
    [InlineData("switch (text) { case \"a\": p.Persistent = true; break; } [|p|]")]
    [InlineData("Log(p); [|p|] static void Log(IBasicProperties logged) => Console.WriteLine(logged.ContentType);")]
    [InlineData("Fill(p); [|p|] static void Fill(IBasicProperties filled) => filled.Persistent = false;")]
    [InlineData("Fill(p); [|p|] static void Fill(IBasicProperties filled) { filled.ContentType = \"a\"; filled.Headers = null; }")]
    [InlineData("p.Persistent = true; p = channel.CreateBasicProperties(); [|p|]")]
    [InlineData("var q = p; q.Persistent = true; q.Persistent = false; [|p|]")]
    [InlineData("Console.WriteLine($\"{p.ContentType} {p}\"); if (p == null) return; [|p|]")]
    [InlineData("channel.BasicPublish(\"x\", \"k\", p, body); p.Persistent = true; p.ClearDeliveryMode(); [|p|]", true)]
    public Task Transient_properties_are_found(string statements, bool alsoBefore = false) =>
        RunAsync(Fresh + (alsoBefore ? statements.Replace("\"k\", p, body)", "\"k\", {|REL1201:p|}, body)", StringComparison.Ordinal) : statements));

    [Theory]
    [InlineData("if (flag) p.Persistent = true; else p.DeliveryMode = 2; p")]
    [InlineData("Fill(p); p static void Fill(IBasicProperties filled) => filled.Persistent = true;")]
    [InlineData("Fill(p); p static void Fill(IBasicProperties filled) => Deeper(filled, true); static void Deeper(IBasicProperties filled, bool on) => filled.Persistent = on;")]
    [InlineData("var q = p; q.Persistent = true; p")]
    [InlineData("IBasicProperties q; q = p; q.DeliveryMode = 2; p")]
    [InlineData("var all = new List<IBasicProperties> { p }; all[0].Persistent = true; p")]
    [InlineData("var pair = (p, 1); pair.p.Persistent = true; p")]
    [InlineData("Action set = () => p.Persistent = true; set(); Action<IBasicProperties> fill = Out.Fill; fill(p); p")]
    [InlineData("Out.Kept = p; Out.Change(); p")]
    [InlineData("p = Out.Wrap(p); p")]
    [InlineData("foreach (var one in new[] { p }) one.Persistent = true; p")]
    [InlineData("p.Persistent = flag; p")]
    public Task Properties_made_persistent_or_out_of_view_are_silent(string statements) => RunAsync(Fresh + statements);

    [Fact]
    public Task Extension_methods_in_view_are_followed() => Verify.FileAsync<TransientMessage>(Client.RabbitMq7, """
        static class Extensions
        {
            public static BasicProperties Typed(this BasicProperties properties, string type) { properties.Type = type; return properties; }
            public static BasicProperties Durable(this BasicProperties properties) { properties.Persistent = true; return properties; }
        }
        class Publisher(IChannel channel)
        {
            public async Task PublishAsync(byte[] body)
            {
                var good = new BasicProperties();
                good.Typed("a");
                good.Durable();
                await channel.BasicPublishAsync("x", "k", true, good, body);
                var bad = new BasicProperties();
                bad.Typed("a");
                await channel.BasicPublishAsync("x", "k", true, {|REL1201:bad|}, body);
            }
        }
        """);

    private static Task RunAsync(string statements)
    {
        var publish = System.Text.RegularExpressions.Regex.Replace(
            statements, @"(?<=[;}] )(\[\|p\||p)\]?(?= static|$)", match => $"channel.BasicPublish(\"x\", \"k\", {(match.Value.StartsWith('[') ? "{|REL1201:p|}" : "p")}, body);");
        Assert.Contains("BasicPublish", publish, StringComparison.Ordinal);
        return Verify.FileAsync<TransientMessage>(Client.RabbitMq6, $$"""
            class Program { void Run(IModel channel, bool flag, string text, byte[] body) { {{publish}} } }
            static class Out
            {
                public static Action<IBasicProperties> Fill; public static IBasicProperties Kept; public static Action Change; public static Func<IBasicProperties, IBasicProperties> Wrap;
            }
            """);
    }
}
