using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>Work on a record that goes on after the statement that started it: a commit at the end of the block would come before its own.</summary>
internal static class DetachedWork
{
    /// <summary>Whether some statement starts a task that nobody awaits, or produces without waiting for the delivery.</summary>
    public static bool IsIn(DocumentEdits edits, StatementSyntax work)
    {
        var inside = work.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).ToArray();
        var flushes = inside.Any(node => IsProducer(edits, node, "Flush"));
        return inside.Any(node => IsForgotten(edits, node) || (!flushes && IsProducer(edits, node, "Produce")));
    }

    private static bool IsForgotten(DocumentEdits edits, SyntaxNode node) => node is ExpressionStatementSyntax { Expression: var expression }
        && edits.Model.GetTypeInfo(expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.Text: "_" } } discard ? discard.Right : expression)
            .Type is { Name: "Task" or "ValueTask" or "ConfiguredTaskAwaitable" or "ConfiguredValueTaskAwaitable" }
        && expression is not AssignmentExpressionSyntax { Left: not IdentifierNameSyntax { Identifier.Text: "_" } };

    private static bool IsProducer(DocumentEdits edits, SyntaxNode node, string method) =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: var name } } call && name == method
        && edits.Model.GetSymbolInfo(call).Symbol?.ContainingType?.Name is "IProducer";
}
