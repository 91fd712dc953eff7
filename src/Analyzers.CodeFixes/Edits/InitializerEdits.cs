using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>Members set where an object is made.</summary>
internal static class InitializerEdits
{
    /// <summary>Adds <c>Member = value</c> to an object creation, with braces where it has none.</summary>
    public static void SetMember(this DocumentEdits edits, BaseObjectCreationExpressionSyntax creation, string member, ExpressionSyntax value) =>
        edits.Add(creation, SyntaxFactory.IdentifierName(member), value);

    /// <summary>Adds a key to a dictionary's creation, written as its neighbours are: <c>["key"] = "value"</c> or <c>{ "key", "value" }</c>.</summary>
    public static void SetKey(this DocumentEdits edits, BaseObjectCreationExpressionSyntax creation, string key, string value) => edits.SetKey(creation, key, Text(value));

    /// <inheritdoc cref="SetKey(DocumentEdits, BaseObjectCreationExpressionSyntax, string, string)" />
    public static void SetKey(this DocumentEdits edits, BaseObjectCreationExpressionSyntax creation, string key, ExpressionSyntax value)
    {
        if (creation.Initializer is { RawKind: (int)SyntaxKind.CollectionInitializerExpression, Expressions.Count: > 0 })
        {
            var pair = (InitializerExpressionSyntax)((ObjectCreationExpressionSyntax)SyntaxFactory.ParseExpression(
                $"new D {{ {{ \"{key}\", {value} }} }}")).Initializer!.Expressions[0];
            edits.Change(creation, current => current.WithInitializer(current.Initializer!.WithExpressions(
                current.Initializer.Expressions.InsertLikeNeighbours(current.Initializer.Expressions.Count, pair.WithoutTrivia(), edits.NewLine))));
            return;
        }

        var element = SyntaxFactory.ImplicitElementAccess(SyntaxFactory.BracketedArgumentList(
            SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(Text(key)))));
        edits.Add(creation, element, value);
    }

    public static LiteralExpressionSyntax Text(string value) =>
        SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(value));

    /// <summary><c>new Type { Member = value }</c>.</summary>
    public static ObjectCreationExpressionSyntax New(TypeSyntax type, string member, ExpressionSyntax value) =>
        SyntaxFactory.ObjectCreationExpression(SpacedNew, type.WithoutTrivia().WithTrailingTrivia(SyntaxFactory.Space), null,
            Braces(Assignment(SyntaxFactory.IdentifierName(member), value)));

    private static SyntaxToken SpacedNew => SyntaxFactory.Token(SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space);

    private static void Add(this DocumentEdits edits, BaseObjectCreationExpressionSyntax creation, ExpressionSyntax target, ExpressionSyntax value)
    {
        var assignment = Assignment(target, value);
        edits.Change(creation, current =>
        {
            if (current.Initializer is { Expressions.Count: > 0 } initializer)
            {
                return current.WithInitializer(initializer.WithExpressions(
                    initializer.Expressions.InsertLikeNeighbours(initializer.Expressions.Count, assignment, edits.NewLine)));
            }

            var after = current.GetTrailingTrivia();
            var braces = Braces(assignment).WithTrailingTrivia(after);
            return current switch
            {
                // `new Config()` needs its parentheses no longer; `new()` does.
                ObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0 } named => named.WithArgumentList(null)
                    .WithType(named.Type.WithTrailingTrivia(SyntaxFactory.Space)).WithInitializer(braces),
                ObjectCreationExpressionSyntax { ArgumentList: null } named => named
                    .WithType(named.Type.WithTrailingTrivia(SyntaxFactory.Space)).WithInitializer(braces),
                _ => current.WithArgumentList(current.ArgumentList!.WithTrailingTrivia(SyntaxFactory.Space)).WithInitializer(braces),
            };
        });
    }

    private static AssignmentExpressionSyntax Assignment(ExpressionSyntax target, ExpressionSyntax value) => SyntaxFactory.AssignmentExpression(
        SyntaxKind.SimpleAssignmentExpression, target,
        SyntaxFactory.Token(SyntaxKind.EqualsToken).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space), value);

    private static InitializerExpressionSyntax Braces(ExpressionSyntax only) => SyntaxFactory.InitializerExpression(
        SyntaxKind.ObjectInitializerExpression,
        SyntaxFactory.Token(SyntaxKind.OpenBraceToken).WithTrailingTrivia(SyntaxFactory.Space),
        SyntaxFactory.SingletonSeparatedList(only.WithTrailingTrivia(SyntaxFactory.Space)),
        SyntaxFactory.Token(SyntaxKind.CloseBraceToken));
}
