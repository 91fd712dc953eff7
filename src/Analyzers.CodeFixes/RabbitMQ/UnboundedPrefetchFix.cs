using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1007: limits what the broker sends ahead, on the channel that consumes.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnboundedPrefetchFix))]
public sealed class UnboundedPrefetchFix() : MessagingFix(Rules.UnboundedPrefetch, "Limit the prefetch")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node) is not { } call)
            return;

        if (diagnostic.Says(DiagnosticKeys.Member, "global"))
            document.Pass(call, "global", CallEdits.False);
        else if (diagnostic.Says(DiagnosticKeys.Member, "prefetchCount"))
            document.Pass(call, "prefetchCount", SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(PrefetchLimit.Count)));
        else if (diagnostic.AdditionalLocations.Count > 0 && await edits.AtAsync(diagnostic.AdditionalLocations[0]).ConfigureAwait(false) is var (owner, creation))
            PrefetchLimit.Add(document, call, () => owner.Claim(creation));
    }
}
