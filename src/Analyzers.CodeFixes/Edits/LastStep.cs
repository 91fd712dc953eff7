using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>A statement added at the end of the block in which a record or message was received into a local.</summary>
internal static class LastStep
{
    /// <summary>The block that declares a local for what a call receives, and that local's name; null where the call's result goes elsewhere.</summary>
    public static (BlockSyntax Block, string Received)? Of(InvocationExpressionSyntax call)
    {
        SyntaxNode value = call;
        while (value.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" }
            or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } })
        {
            value = value.Parent;
        }

        return value.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax declaration } local }
            && declaration.Parent is BlockSyntax block
            ? (block, local.Identifier.Text)
            : null;
    }

    /// <summary>Adds the statement where the block's end is reached, under a null check where nothing may have been received.</summary>
    public static void Append(DocumentEdits edits, BlockSyntax block, string received, bool mayBeNull, string statement)
    {
        if (edits.Model.AnalyzeControlFlow(block.Statements.First(), block.Statements.Last()) is not { Succeeded: true, EndPointIsReachable: true }
            || !edits.Claim(block))
        {
            return;
        }

        var guarded = mayBeNull && !block.Statements.Any(inner => LeavesWithout(inner, received))
            ? $"if ({received} is not null){edits.NewLine.ToFullString()}{statement}"
            : statement;
        edits.Change(block, current => current.AddStatements(edits.Statement(guarded)));
    }

    /// <summary>Whether a statement leaves early when nothing was received: <c>if (result is null) continue;</c>.</summary>
    public static bool LeavesWithout(StatementSyntax statement, string received) => statement is IfStatementSyntax check
        && check.Statement.DescendantNodesAndSelf().Any(node => node is ContinueStatementSyntax or BreakStatementSyntax or ReturnStatementSyntax)
        && check.Condition.DescendantNodesAndSelf().Any(node => node.IsKind(SyntaxKind.NullLiteralExpression) || node is IsPatternExpressionSyntax)
        && check.Condition.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.Text == received);
}
