using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1007: limits what the broker sends ahead, on the channel that consumes.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnboundedPrefetchFix))]
public sealed class UnboundedPrefetchFix() : MessagingFix(Rules.UnboundedPrefetch, "Limit the prefetch")
{
    private const int Count = 50;

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node) is not { } call)
            return;

        if (diagnostic.Says(DiagnosticKeys.Member, "global"))
            document.Pass(call, "global", CallEdits.False);
        else if (diagnostic.Says(DiagnosticKeys.Member, "prefetchCount"))
            document.Pass(call, "prefetchCount", SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(Count)));
        else if (diagnostic.AdditionalLocations.Count > 0 && await edits.AtAsync(diagnostic.AdditionalLocations[0]).ConfigureAwait(false) is var (owner, creation))
            LimitBefore(document, call, () => owner.Claim(creation));
    }

    /// <summary>A channel that several consumers share is limited once.</summary>
    private static void LimitBefore(DocumentEdits edits, IInvocationOperation consume, Func<bool> claim)
    {
        if (consume.Syntax is not InvocationExpressionSyntax call || edits.Receiver(consume) is not { } channel || !CallEdits.IsRepeatable(channel) || !StatementEdits.CanPrecede(call))
            return;

        var isAsync = consume.TargetMethod.Name.EndsWith("Async", StringComparison.Ordinal);
        if (isAsync && !FunctionEnding.IsInAsync(call))
            return;

        if (claim())
        {
            edits.Statements.Before(
                call, isAsync
                    ? $"await {channel.WithoutTrivia()}.BasicQosAsync(prefetchSize: 0, prefetchCount: {Count}, global: false);"
                    : $"{channel.WithoutTrivia()}.BasicQos(prefetchSize: 0, prefetchCount: {Count}, global: false);");
        }
    }
}
