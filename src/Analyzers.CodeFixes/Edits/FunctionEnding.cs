using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>
/// A statement added as a function's last step, on every path that ends normally. A function that hands a task on instead of awaiting it
/// is made async where the statement must run after that task.
/// </summary>
internal sealed class FunctionEnding(DocumentEdits edits, SyntaxNode function, string statement, bool awaits)
{
    private const string CompletedTask = "Task.CompletedTask";

    private readonly bool _wasAsync = ModifiersOf(function).Any(SyntaxKind.AsyncKeyword);
    private readonly bool _returnsTask = Symbol(edits, function) is { ReturnsVoid: false };
    private readonly bool _endIsReached = BlockOf(function) is { } block && EndIsReached(edits, block);

    /// <summary>Whether <c>await</c> can be written at a place: in an async function, or in a top-level program.</summary>
    public static bool IsInAsync(SyntaxNode place) =>
        place.Ancestors().FirstOrDefault(static node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax) switch
        {
            GlobalStatementSyntax => true,
            { } function => ModifiersOf(function).Any(SyntaxKind.AsyncKeyword),
            null => false,
        };

    public SyntaxNode AppendTo(SyntaxNode current)
    {
        var becomesAsync = _returnsTask && !_wasAsync && (awaits || !HandsOnOnlyCompletedTasks(current));
        var changed = BlockOf(current) is { } block
            ? ExpressionBodies.WithBlock(current, AppendTo(block, becomesAsync))
            : ExpressionBodies.WithBlock(current, BlockFrom(ExpressionBodies.Of(current)!, becomesAsync));
        return becomesAsync ? WithAsync(changed) : changed;
    }

    private BlockSyntax AppendTo(BlockSyntax block, bool becomesAsync)
    {
        var added = edits.StatementIn(block, statement);
        var rewritten = (BlockSyntax)new Returns(edits, added, becomesAsync).Visit(block)!;
        var tasksGiven = _returnsTask && !_wasAsync && !becomesAsync;
        if (!tasksGiven && rewritten.Statements.LastOrDefault() is ReturnStatementSyntax { Expression: null } last)
            rewritten = rewritten.WithStatements(rewritten.Statements.Remove(last));
        return _endIsReached ? rewritten.AddStatements(added) : rewritten;
    }

    private BlockSyntax BlockFrom(ExpressionSyntax expression, bool becomesAsync)
    {
        var added = edits.Statement(statement);
        var statements = new List<StatementSyntax>();
        if (_returnsTask && !_wasAsync && !becomesAsync)
        {
            statements.Add(added);
            statements.Add(edits.Statement($"return {expression.WithoutTrivia()};"));
        }
        else
        {
            if (!IsCompletedTask(expression))
                statements.Add(edits.Statement($"{(becomesAsync ? "await " : "")}{expression.WithoutTrivia()};"));
            statements.Add(added);
        }

        return SyntaxFactory.Block(statements).WithAdditionalAnnotations(DocumentEdits.New);
    }

    private static bool HandsOnOnlyCompletedTasks(SyntaxNode function)
    {
        var results = BlockOf(function) is { } block
            ? block.DescendantNodes(inner => inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
                .OfType<ReturnStatementSyntax>().Select(result => result.Expression)
            : [ExpressionBodies.Of(function)];
        return results.All(result => result is not null && IsCompletedTask(result));
    }

    private static bool IsCompletedTask(ExpressionSyntax expression) => expression.WithoutTrivia().ToString().EndsWith(CompletedTask, StringComparison.Ordinal);

    private static BlockSyntax? BlockOf(SyntaxNode function) => function switch
    {
        AnonymousFunctionExpressionSyntax anonymous => anonymous.Block,
        BaseMethodDeclarationSyntax method => method.Body,
        LocalFunctionStatementSyntax local => local.Body,
        _ => null,
    };

    private static SyntaxTokenList ModifiersOf(SyntaxNode function) => function switch
    {
        AnonymousFunctionExpressionSyntax anonymous => anonymous.Modifiers,
        BaseMethodDeclarationSyntax method => method.Modifiers,
        LocalFunctionStatementSyntax local => local.Modifiers,
        _ => default,
    };

    /// <summary>Asked of the statements: of a lambda's block as a whole the compiler says nothing.</summary>
    private static bool EndIsReached(DocumentEdits edits, BlockSyntax block) => block.Statements.Count == 0
        || edits.Model.AnalyzeControlFlow(block.Statements.First(), block.Statements.Last()) is { Succeeded: true, EndPointIsReachable: true };

    private static IMethodSymbol? Symbol(DocumentEdits edits, SyntaxNode function) =>
        (function is AnonymousFunctionExpressionSyntax ? edits.Model.GetSymbolInfo(function).Symbol : edits.Model.GetDeclaredSymbol(function)) as IMethodSymbol;

    private static SyntaxNode WithAsync(SyntaxNode function)
    {
        var keyword = SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        switch (function)
        {
            case AnonymousFunctionExpressionSyntax anonymous:
                var leading = anonymous.GetLeadingTrivia();
                return anonymous.WithLeadingTrivia().WithModifiers(anonymous.WithLeadingTrivia().Modifiers.Add(keyword)).WithLeadingTrivia(leading);
            case MethodDeclarationSyntax { Modifiers.Count: > 0 } method:
                return method.WithModifiers(method.Modifiers.Add(keyword));
            case MethodDeclarationSyntax method:
                return method.WithoutLeadingTrivia().WithModifiers(SyntaxFactory.TokenList(keyword)).WithLeadingTrivia(method.GetLeadingTrivia());
            case LocalFunctionStatementSyntax { Modifiers.Count: > 0 } local:
                return local.WithModifiers(local.Modifiers.Add(keyword));
            case LocalFunctionStatementSyntax local:
                return local.WithoutLeadingTrivia().WithModifiers(SyntaxFactory.TokenList(keyword)).WithLeadingTrivia(local.GetLeadingTrivia());
            default:
                return function;
        }
    }

    /// <summary>Puts the statement before every return of the function itself, not of those inside it.</summary>
    private sealed class Returns(DocumentEdits edits, StatementSyntax added, bool becomesAsync) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitBlock(BlockSyntax node) => node.WithStatements(Expand(node.Statements));

        public override SyntaxNode? VisitSwitchSection(SwitchSectionSyntax node) => node.WithStatements(Expand(node.Statements));

        public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node) =>
            SyntaxFactory.Block(Steps(node)).WithTrailingTrivia(edits.NewLine).WithAdditionalAnnotations(DocumentEdits.New);

        public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node) => node;

        public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => node;

        public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => node;

        public override SyntaxNode? VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) => node;

        private SyntaxList<StatementSyntax> Expand(SyntaxList<StatementSyntax> statements) => SyntaxFactory.List(statements.SelectMany(statement =>
            statement is ReturnStatementSyntax result ? Steps(result) : (IEnumerable<StatementSyntax>)[(StatementSyntax)Visit(statement)!]));

        private List<StatementSyntax> Steps(ReturnStatementSyntax result)
        {
            var leading = result.GetLeadingTrivia();
            var steps = new List<StatementSyntax>();
            if (becomesAsync && result.Expression is { } task && !IsCompletedTask(task))
                steps.Add(edits.Statement($"await {task.WithoutTrivia()};"));
            steps.Add(added);
            steps.Add(becomesAsync
                ? SyntaxFactory.ReturnStatement().WithTrailingTrivia(result.GetTrailingTrivia())
                : result.WithLeadingTrivia());
            steps[steps.Count - 1] = steps[steps.Count - 1].WithAdditionalAnnotations(DocumentEdits.New);
            steps[0] = steps[0].WithLeadingTrivia(leading);
            return steps;
        }
    }
}
