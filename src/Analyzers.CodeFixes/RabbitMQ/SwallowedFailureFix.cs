using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1008: lets the failure go on, so that the message is not acknowledged.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SwallowedFailureFix))]
public sealed class SwallowedFailureFix() : MessagingFix(Rules.SwallowedFailure, "Rethrow the failure")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || node.FirstAncestorOrSelf<CatchClauseSyntax>() is not { } caught || node.Parent is ArgumentListSyntax)
            return;

        // An ack that stands in the catch block itself gives its place to the exception.
        document.Rethrow(caught, caught.Block.Statements.LastOrDefault(static one =>
            one is ExpressionStatementSyntax && one.DescendantNodes().OfType<SimpleNameSyntax>().Any(static name => name.Identifier.ValueText.StartsWith("BasicAck", StringComparison.Ordinal))));
    }
}
