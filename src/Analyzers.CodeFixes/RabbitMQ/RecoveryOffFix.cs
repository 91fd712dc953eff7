using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1208: takes the assignment away; both settings are on by default.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RecoveryOffFix))]
public sealed class RecoveryOffFix() : MessagingFix(Rules.RecoveryOff, "Leave recovery on")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || node.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is not { } assignment)
            return;

        if (assignment.Parent is InitializerExpressionSyntax initializer)
            document.Change(initializer, current => Without(current, assignment));
        else if (assignment.Parent is ExpressionStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax } statement && document.Claim(statement))
            document.Remove(statement.Parent is GlobalStatementSyntax global ? global : statement);
        else
            document.Replace(assignment.Right, CallEdits.True);
    }

    /// <summary>Several may be taken from one initializer, each from what the last one left.</summary>
    private static InitializerExpressionSyntax Without(InitializerExpressionSyntax initializer, AssignmentExpressionSyntax assignment)
    {
        var same = initializer.Expressions.FirstOrDefault(one => one.IsEquivalentTo(assignment));
        if (same is null)
            return initializer;

        var index = initializer.Expressions.IndexOf(same);
        var isLast = index == initializer.Expressions.Count - 1;
        var rest = initializer.Expressions.RemoveAt(index);
        if (isLast && rest.Count > 0 && rest.SeparatorCount < rest.Count)
            rest = rest.Replace(rest[rest.Count - 1], rest[rest.Count - 1].WithTrailingTrivia(same.GetTrailingTrivia()));
        return initializer.WithExpressions(rest);
    }
}
