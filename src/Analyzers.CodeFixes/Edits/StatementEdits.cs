using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>
/// New statements around old ones, wherever the old one stands: in a block, in a top-level program, alone under an <c>if</c>, or as an
/// expression body. All for one place are collected first: each must know whether the place still needs braces.
/// </summary>
internal sealed class StatementEdits(DocumentEdits edits)
{
    private readonly Dictionary<SyntaxNode, (List<StatementSyntax> Before, List<StatementSyntax> After)> _places = new();

    /// <summary>Whether statements can be put before the one that an expression is part of, with the same effect on every run of it.</summary>
    public static bool CanPrecede(ExpressionSyntax expression) => PlaceOf(expression) is { } place && RunsOnceIn(place, expression);

    /// <summary>Whether an expression is a statement of its own, so that what is put after it runs after it.</summary>
    public bool CanFollow(ExpressionSyntax expression) => PlaceOf(expression) switch
    {
        StatementSyntax statement => expression.Parent == statement && statement is ExpressionStatementSyntax,
        ArrowExpressionClauseSyntax { Parent: { } function } arrow => expression.Parent == arrow && !ReturnsValue(function),
        LambdaExpressionSyntax lambda => expression.Parent == lambda && !ReturnsValue(lambda),
        _ => false,
    };

    /// <summary>Puts statements before the one that an expression is part of.</summary>
    public void Before(ExpressionSyntax expression, params string[] statements) => At(PlaceOf(expression)!).Before.AddRange(statements.Select(edits.Statement));

    /// <summary>Puts a statement after the one that an expression is part of.</summary>
    public void After(ExpressionSyntax expression, string statement) => At(PlaceOf(expression)!).After.Add(edits.Statement(statement));

    /// <summary>Puts a statement after another.</summary>
    public void After(StatementSyntax place, string statement) => At(place).After.Add(edits.Statement(statement));

    public void Apply()
    {
        foreach (var pair in _places)
            Apply(pair.Key, pair.Value.Before, pair.Value.After);
    }

    private (List<StatementSyntax> Before, List<StatementSyntax> After) At(SyntaxNode place)
    {
        edits.Touch();
        if (!_places.TryGetValue(place, out var statements))
            _places.Add(place, statements = (new List<StatementSyntax>(), new List<StatementSyntax>()));
        return statements;
    }

    /// <summary>The statement or expression body around an expression, in its own function.</summary>
    private static SyntaxNode? PlaceOf(ExpressionSyntax expression)
    {
        for (SyntaxNode? node = expression; node is not null; node = node.Parent)
        {
            switch (node)
            {
                case StatementSyntax:
                case ArrowExpressionClauseSyntax { Parent: BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax }:
                case LambdaExpressionSyntax { ExpressionBody: not null }:
                    return node;
                case MemberDeclarationSyntax or QueryClauseSyntax or ArrowExpressionClauseSyntax:
                    return null;
            }
        }

        return null;
    }

    /// <summary>A loop's condition runs again and again, and a right operand perhaps not at all: nothing can be put before those.</summary>
    private static bool RunsOnceIn(SyntaxNode place, ExpressionSyntax expression)
    {
        for (SyntaxNode node = expression; node != place; node = node.Parent!)
        {
            switch (node.Parent)
            {
                case WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax:
                case ConditionalExpressionSyntax conditional when node != conditional.Condition:
                case ConditionalAccessExpressionSyntax access when node != access.Expression:
                case SwitchExpressionArmSyntax:
                case BinaryExpressionSyntax binary when node == binary.Right
                    && binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression:
                case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression } assignment when node == assignment.Right:
                    return false;
            }
        }

        return true;
    }

    private void Apply(SyntaxNode place, List<StatementSyntax> before, List<StatementSyntax> after)
    {
        switch (place)
        {
            case StatementSyntax { Parent: GlobalStatementSyntax global }:
                Around(global, before.Select(SyntaxFactory.GlobalStatement), after.Select(SyntaxFactory.GlobalStatement));
                break;
            case StatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax }:
                Around(place, before, after);
                break;
            case StatementSyntax statement:
                edits.Change(statement, current => Block(before, current, after).WithTriviaFrom(current));
                break;
            case ArrowExpressionClauseSyntax { Parent: { } function }:
                edits.Change(function, current => ExpressionBodies.ToBlock(current, ReturnsValue(function), body => Block(before, body, after)));
                break;
            case LambdaExpressionSyntax lambda:
                edits.Change(lambda, current => ExpressionBodies.ToBlock(current, ReturnsValue(lambda), body => Block(before, body, after)));
                break;
        }
    }

    private void Around(SyntaxNode place, IEnumerable<SyntaxNode> before, IEnumerable<SyntaxNode> after)
    {
        var first = before.ToList();
        if (first.Count > 0)
        {
            // Blank lines above the statement stay above what now comes first.
            var blank = place.GetLeadingTrivia().TakeWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
            first[0] = first[0].WithLeadingTrivia(blank);
            edits.InsertBefore(place, first);
            if (blank.Count > 0)
                edits.Change(place, current => current.WithLeadingTrivia(current.GetLeadingTrivia().Skip(blank.Count)));
        }

        var last = after.ToList();
        if (last.Count == 0)
            return;

        if (!place.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia))
        {
            // One line stays one line; a file that ends without a line end still does.
            var oneLine = place.Parent is BlockSyntax block && block.IsOneLine();
            if (oneLine)
            {
                last = last.ConvertAll(statement => statement.WithTrailingTrivia(SyntaxFactory.Space));
            }
            else
            {
                last[last.Count - 1] = last[last.Count - 1].WithTrailingTrivia(place.GetTrailingTrivia());
                edits.Change(place, current => current.WithTrailingTrivia(edits.NewLine));
            }
        }

        edits.InsertAfter(place, last);
    }

    private bool ReturnsValue(SyntaxNode function)
    {
        var symbol = (function is LambdaExpressionSyntax ? edits.Model.GetSymbolInfo(function).Symbol : edits.Model.GetDeclaredSymbol(function)) as IMethodSymbol;
        return symbol is { ReturnsVoid: false } && !(symbol.IsAsync && symbol.ReturnType is INamedTypeSymbol { IsGenericType: false });
    }

    private BlockSyntax Block(List<StatementSyntax> before, StatementSyntax statement, List<StatementSyntax> after) =>
        SyntaxFactory.Block(before.Append(statement.WithoutTrivia().WithTrailingTrivia(edits.NewLine)).Concat(after))
            .WithAdditionalAnnotations(DocumentEdits.New);
}
