using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Analyzers.Clients;

/// <summary>What a project says about itself in <c>.editorconfig</c>, for one file.</summary>
internal readonly struct RuleOptions(AnalyzerConfigOptions options)
{
    /// <summary><c>reliability_dead_letters_by_policy</c>: a broker policy gives each queue its dead-letter exchange, so that declarations need not.</summary>
    public bool DeadLettersAreSetByPolicy => IsTrue("reliability_dead_letters_by_policy");

    public static RuleOptions For(SyntaxTree tree, AnalyzerOptions options) => new(options.AnalyzerConfigOptionsProvider.GetOptions(tree));

    private bool IsTrue(string key) => options.TryGetValue(key, out var value) && bool.TryParse(value, out var flag) && flag;
}
