using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1002: moves the ack behind the work, as the last step of the handler.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AckBeforeProcessingFix))]
public sealed class AckBeforeProcessingFix() : MessagingFix(Rules.AckBeforeProcessing, "Acknowledge after the work")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node)
            || node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Parent: BlockSyntax block } ack || FunctionOf(block) is not { } function
            || LeavesBefore(function, ack, (node as SimpleNameSyntax)?.Identifier.ValueText) || !document.Claim(function))
        {
            return;
        }

        var isAsync = ack.Expression is AwaitExpressionSyntax;
        var ending = new FunctionEnding(document, function, ack.WithoutTrivia().ToString(), isAsync);
        document.Change(function, current => ending.AppendTo(current.RemoveNode(current.DescendantNodes().OfType<ExpressionStatementSyntax>().First(one => one.IsEquivalentTo(ack)), SyntaxRemoveOptions.KeepNoTrivia)!));
    }

    /// <summary>The function whose outermost block this is.</summary>
    private static SyntaxNode? FunctionOf(BlockSyntax block) =>
        block.Parent is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax ? block.Parent : null;

    /// <summary>Whether a path ends before the ack, or another ack stands in the function: the last step is then not the only one.</summary>
    private static bool LeavesBefore(SyntaxNode function, StatementSyntax ack, string? name) =>
        function.DescendantNodes().OfType<ReturnStatementSyntax>().Any(one => one.SpanStart < ack.SpanStart)
        || function.DescendantNodes().OfType<SimpleNameSyntax>().Count(one => one.Identifier.ValueText == name || one.Identifier.ValueText.StartsWith("BasicAck", StringComparison.Ordinal)
            || one.Identifier.ValueText.StartsWith("BasicNack", StringComparison.Ordinal) || one.Identifier.ValueText.StartsWith("BasicReject", StringComparison.Ordinal)) > 1;
}
