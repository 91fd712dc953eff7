using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Reliability.Analyzers;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

/// <summary>Mends code one diagnostic at a time and all at once, and sees to it that no other rule, nor nullable analysis, has more to say afterwards.</summary>
internal static class FixOf<TAnalyzer, TFix>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    private static readonly DiagnosticAnalyzer[] AllRules =
    [
        .. typeof(AutoAck).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(ReliabilityAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    public static Task Mends(Client client, string source, string fixedSource) => Mends(client, [source], [fixedSource]);

    public static async Task Mends(Client client, string[] sources, string[] fixedSources)
    {
        var test = new CSharpCodeFixTest<TAnalyzer, TFix, DefaultVerifier> { ReferenceAssemblies = ClientReferences.Net10 };
        test.TestState.AdditionalReferences.AddRange(ClientReferences.For(client));
        foreach (var source in sources)
            test.TestState.Sources.Add(source);
        foreach (var source in fixedSources)
            test.FixedState.Sources.Add(source);
        if (sources.Any(source => HasTopLevelStatements(source)))
            test.TestState.OutputKind = OutputKind.ConsoleApplication;

        await test.RunAsync(TestContext.Current.CancellationToken);
        var before = await ReportsAsync(client, sources);
        var after = await ReportsAsync(client, fixedSources);
        Assert.Empty(after.Except(before));
    }

    /// <summary>The diagnostic is reported, and nothing is offered for it.</summary>
    public static Task Leaves(Client client, string source) => Mends(client, source, source);

    private static async Task<string[]> ReportsAsync(Client client, string[] sources)
    {
        var token = TestContext.Current.CancellationToken;
        var kind = sources.Any(HasTopLevelStatements) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var compilation = CSharpCompilation.Create(
            "Code", sources.Select(source => CSharpSyntaxTree.ParseText(WithoutMarks(source), cancellationToken: token)), ClientReferences.For(client), new(kind));
        var reports = await compilation.WithAnalyzers([.. AllRules]).GetAnalyzerDiagnosticsAsync(token);
        // Where the code asks for it, the compiler sees a possible null that a fix brought in.
        var nulls = compilation.GetDiagnostics(token).Where(report => report.Id.StartsWith("CS86", StringComparison.Ordinal));
        // A suggestion is about a default worth deciding, which code can only have once the warning before it is mended.
        return [.. reports.Where(report => report.Severity >= DiagnosticSeverity.Warning).Concat(nulls).GroupBy(report => report.Id).Select(group => $"{group.Key} × {group.Count()}")];
    }

    private static bool HasTopLevelStatements(string source) => CSharpSyntaxTree.ParseText(WithoutMarks(source)).GetCompilationUnitRoot()
        .Members.Any(SyntaxKind.GlobalStatement);

    private static string WithoutMarks(string source) =>
        Regex.Replace(source, @"\{\|[^:|]+:|\|\}|\[\||\|\]", "");
}
