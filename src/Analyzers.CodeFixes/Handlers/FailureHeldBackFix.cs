using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Handlers;

/// <summary>REL4105: lets the failure go on to the runtime, which tries again.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FailureHeldBackFix))]
public sealed class FailureHeldBackFix() : MessagingFix(Rules.FailureHeldBack, "Rethrow the failure")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is var (document, node) && node.FirstAncestorOrSelf<CatchClauseSyntax>() is { } caught)
            document.Rethrow(caught);
    }
}
