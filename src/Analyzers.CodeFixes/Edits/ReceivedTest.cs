using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>A condition that shows whether something was received: <c>call is { } record</c>, <c>(record = call) != null</c>, <c>record is null</c>.</summary>
internal sealed class ReceivedTest
{
    private ReceivedTest(string received, ExpressionSyntax condition, bool whenTrue)
    {
        Received = received;
        Statement = condition.Parent as StatementSyntax;
        Work = Statement switch
        {
            IfStatementSyntax check when whenTrue => check.Statement,
            IfStatementSyntax { Else: null, Parent: BlockSyntax rest } check when Leaves(check.Statement) => rest,
            WhileStatementSyntax loop when whenTrue => loop.Statement,
            ForStatementSyntax loop when whenTrue => loop.Statement,
            _ => null,
        };
    }

    public string Received { get; }

    /// <summary>The <c>if</c> or loop whose condition this is.</summary>
    public StatementSyntax? Statement { get; }

    /// <summary>What runs only if something was received; null where that cannot be told.</summary>
    public StatementSyntax? Work { get; }

    /// <summary>The test of a call's result that also names it; null where it is not tested, or gets no name.</summary>
    public static ReceivedTest? Of(ExpressionSyntax value)
    {
        string? named = null;
        if (value.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax local } assignment)
        {
            named = local.Identifier.Text;
            for (value = assignment; value.Parent is ParenthesizedExpressionSyntax outer; value = outer)
            {
            }
        }

        if (value.Parent is not (IsPatternExpressionSyntax or BinaryExpressionSyntax))
            return null;

        var condition = (ExpressionSyntax)value.Parent;
        named ??= condition is IsPatternExpressionSyntax { Pattern: var pattern } ? NameIn(pattern) : null;
        return named is null || WhenReceived(condition) is not { } whenTrue ? null : Around(named, condition, whenTrue);
    }

    /// <summary>Whether a statement leaves early when nothing was received: <c>if (result is null) continue;</c>.</summary>
    public static bool LeavesWithout(StatementSyntax statement, string received) =>
        statement is IfStatementSyntax check && Leaves(check.Statement) && IsTrueWithout(check.Condition, received);

    private static ReceivedTest Around(string received, ExpressionSyntax condition, bool whenTrue)
    {
        while (true)
        {
            switch (condition.Parent)
            {
                case ParenthesizedExpressionSyntax outer:
                    condition = outer;
                    break;
                case BinaryExpressionSyntax both when both.IsKind(whenTrue ? SyntaxKind.LogicalAndExpression : SyntaxKind.LogicalOrExpression):
                    condition = both;
                    break;
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not:
                    condition = not;
                    whenTrue = !whenTrue;
                    break;
                default:
                    return new ReceivedTest(received, condition, whenTrue);
            }
        }
    }

    private static bool Leaves(StatementSyntax statement) =>
        (statement is BlockSyntax block ? block.Statements.LastOrDefault() : statement)
            is ContinueStatementSyntax or BreakStatementSyntax or ReturnStatementSyntax or ThrowStatementSyntax;

    private static bool IsTrueWithout(ExpressionSyntax condition, string received) => condition switch
    {
        ParenthesizedExpressionSyntax inner => IsTrueWithout(inner.Expression, received),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } either =>
            IsTrueWithout(either.Left, received) || IsTrueWithout(either.Right, received),
        BinaryExpressionSyntax comparison => WhenReceived(comparison) is false && (IsNullWith(comparison.Left, received) || IsNullWith(comparison.Right, received)),
        IsPatternExpressionSyntax test => MatchesNull(test.Pattern) && IsNullWith(test.Expression, received),
        _ => false,
    };

    /// <summary>Whether an expression is null where the received one is: <c>record</c>, <c>record?.Message</c>.</summary>
    private static bool IsNullWith(ExpressionSyntax expression, string received) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.Text == received,
        ConditionalAccessExpressionSyntax access => IsNullWith(access.Expression, received),
        _ => false,
    };

    /// <summary>The outcome of a condition that shows that its operand is not null; null where neither outcome does.</summary>
    private static bool? WhenReceived(ExpressionSyntax condition) => condition switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression } comparison when ComparesWithNull(comparison) => true,
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } comparison when ComparesWithNull(comparison) => false,
        IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: var refused } } when RefusesNull(refused) => false,
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } => false,
        IsPatternExpressionSyntax test when RefusesNull(test.Pattern) => true,
        _ => null,
    };

    private static bool ComparesWithNull(BinaryExpressionSyntax comparison) =>
        comparison.Left.IsKind(SyntaxKind.NullLiteralExpression) || comparison.Right.IsKind(SyntaxKind.NullLiteralExpression);

    private static bool RefusesNull(PatternSyntax pattern) => pattern switch
    {
        ParenthesizedPatternSyntax inner => RefusesNull(inner.Pattern),
        RecursivePatternSyntax or DeclarationPatternSyntax or TypePatternSyntax => true,
        UnaryPatternSyntax not => MatchesNull(not.Pattern),
        BinaryPatternSyntax { RawKind: (int)SyntaxKind.AndPattern } both => RefusesNull(both.Left) || RefusesNull(both.Right),
        _ => false,
    };

    private static bool MatchesNull(PatternSyntax pattern) => pattern switch
    {
        ParenthesizedPatternSyntax inner => MatchesNull(inner.Pattern),
        ConstantPatternSyntax constant => constant.Expression.IsKind(SyntaxKind.NullLiteralExpression),
        UnaryPatternSyntax not => RefusesNull(not.Pattern),
        BinaryPatternSyntax { RawKind: (int)SyntaxKind.OrPattern } either => MatchesNull(either.Left) || MatchesNull(either.Right),
        _ => false,
    };

    /// <summary>The name that a pattern gives to what it matches as a whole, not to a part of it.</summary>
    private static string? NameIn(PatternSyntax pattern) => pattern switch
    {
        ParenthesizedPatternSyntax inner => NameIn(inner.Pattern),
        UnaryPatternSyntax not => NameIn(not.Pattern),
        RecursivePatternSyntax { Designation: SingleVariableDesignationSyntax name } => name.Identifier.Text,
        DeclarationPatternSyntax { Designation: SingleVariableDesignationSyntax name } => name.Identifier.Text,
        VarPatternSyntax { Designation: SingleVariableDesignationSyntax name } => name.Identifier.Text,
        BinaryPatternSyntax { RawKind: (int)SyntaxKind.AndPattern } both => NameIn(both.Right) ?? NameIn(both.Left),
        _ => null,
    };
}
