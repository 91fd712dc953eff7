using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>Functions whose body is one expression, given a block instead.</summary>
internal static class ExpressionBodies
{
    /// <summary>The expression that is a function's whole body, or null.</summary>
    public static ExpressionSyntax? Of(SyntaxNode function) => function switch
    {
        LambdaExpressionSyntax lambda => lambda.ExpressionBody,
        BaseMethodDeclarationSyntax method => method.ExpressionBody?.Expression,
        LocalFunctionStatementSyntax local => local.ExpressionBody?.Expression,
        _ => null,
    };

    /// <summary>The function with a block made from the statement that its expression was.</summary>
    public static SyntaxNode ToBlock(SyntaxNode function, bool returnsValue, Func<StatementSyntax, BlockSyntax> block)
    {
        if (Of(function) is not { } expression)
            return function;

        StatementSyntax statement = returnsValue
            ? SyntaxFactory.ReturnStatement(SyntaxFactory.Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(SyntaxFactory.Space),
                expression.WithoutTrivia(), SyntaxFactory.Token(SyntaxKind.SemicolonToken))
            : SyntaxFactory.ExpressionStatement(expression.WithoutTrivia());
        return WithBlock(function, block(statement));
    }

    /// <summary>The function with a block for its body, in place of an expression or of another block.</summary>
    public static SyntaxNode WithBlock(SyntaxNode function, BlockSyntax block)
    {
        var none = SyntaxFactory.Token(SyntaxKind.None);
        return function switch
        {
            ParenthesizedLambdaExpressionSyntax lambda => lambda.WithExpressionBody(null).WithBlock(block),
            SimpleLambdaExpressionSyntax lambda => lambda.WithExpressionBody(null).WithBlock(block),
            AnonymousMethodExpressionSyntax anonymous => anonymous.WithBlock(block),
            BaseMethodDeclarationSyntax { ExpressionBody: not null } method =>
                method.WithExpressionBody(null).WithSemicolonToken(none).WithBody(block.WithTrailingTrivia(method.GetTrailingTrivia())),
            BaseMethodDeclarationSyntax method => method.WithBody(block),
            LocalFunctionStatementSyntax { ExpressionBody: not null } local =>
                local.WithExpressionBody(null).WithSemicolonToken(none).WithBody(block.WithTrailingTrivia(local.GetTrailingTrivia())),
            LocalFunctionStatementSyntax local => local.WithBody(block),
            _ => function,
        };
    }
}
