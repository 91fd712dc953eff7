using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace Reliability.Tests;

/// <summary>What a user can set, and what a fix is told.</summary>
public sealed class SeverityTests
{
    private const string Code = """class C { void M(IModel channel) => channel.BasicGet("q", {|#0:true|}); }""";

    [Theory]
    [InlineData("warning", DiagnosticSeverity.Warning)]
    [InlineData("suggestion", DiagnosticSeverity.Info)]
    public async Task Severity_is_set_in_editorconfig(string severity, DiagnosticSeverity expected)
    {
        var test = Verify.Test<AutoAck>(Client.RabbitMq6);
        test.TestState.Sources.Add(Verify.Usings(Client.RabbitMq6) + Code);
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", $"root = true\n[*.cs]\ndotnet_diagnostic.REL1001.severity = {severity}\n"));
        test.ExpectedDiagnostics.Add(new DiagnosticResult("REL1001", expected).WithLocation(0).WithArguments("'autoAck' is true"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Severity_none_silences_a_rule()
    {
        var test = Verify.Test<AutoAck>(Client.RabbitMq6);
        test.TestState.Sources.Add(Verify.Usings(Client.RabbitMq6) + Code.Replace("{|#0:true|}", "true", StringComparison.Ordinal));
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.REL1001.severity = none\n"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Generated_code_is_not_reported()
    {
        var test = Verify.Test<AutoAck>(Client.RabbitMq6);
        test.TestState.Sources.Add(("Client.g.cs", Verify.Usings(Client.RabbitMq6) + Code.Replace("{|#0:true|}", "true", StringComparison.Ordinal)));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task Messages_say_where_the_value_comes_from() => Verify.FileAsync<AutoAck>(
        Client.RabbitMq6,
        """
        class C
        {
            private readonly bool _ack = {|#1:true|};
            void M(IModel channel, IBasicConsumer consumer, bool flag) => channel.BasicConsume("q", {|#0:flag ? _ack : false|}, consumer);
        }
        """,
        new DiagnosticResult("REL1001", DiagnosticSeverity.Warning).WithLocation(0).WithLocation(1).WithArguments("'autoAck' may be true"));
}
