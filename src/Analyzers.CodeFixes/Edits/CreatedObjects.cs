using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>A call on what another call has just made: <c>var channel = connection.CreateModel(); channel.ConfirmSelect();</c>.</summary>
internal static class CreatedObjects
{
    /// <summary>
    /// Adds a statement right after an object is made, under the name that the code gives it, or under a new one where it gives none.
    /// False where there is no place for it.
    /// </summary>
    public static bool CallOnResult(
        this DocumentEdits edits, InvocationExpressionSyntax creation, string newName, Func<string, string> statement, out string? given)
    {
        given = null;
        if (edits.HasClaimed(creation))
            return true;

        switch (Outermost(creation).Parent)
        {
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } variable }:
                return AfterDeclaration(edits, creation, declaration, statement(variable.Identifier.Text), variable.Identifier.Text) && edits.Claim(creation);
            case AssignmentExpressionSyntax assignment
                when assignment.Right == Outermost(creation) && CallEdits.IsRepeatable(assignment.Left) && edits.Statements.CanFollow(assignment):
                edits.Statements.After(creation, statement(assignment.Left.WithoutTrivia().ToString()));
                return edits.Claim(creation);
            default:
                if (!StatementEdits.CanPrecede(creation))
                    return false;
                var name = given = edits.FreeName(creation, newName);
                edits.Statements.Before(creation, $"var {name} = {creation.WithoutTrivia()};", statement(name));
                edits.Change(creation, current => SyntaxFactory.IdentifierName(name).WithTriviaFrom(current));
                return edits.Claim(creation);
        }
    }

    private static bool AfterDeclaration(
        DocumentEdits edits, InvocationExpressionSyntax creation, VariableDeclarationSyntax declaration, string statement, string name)
    {
        switch (declaration.Parent)
        {
            case LocalDeclarationStatementSyntax:
                edits.Statements.After(creation, statement);
                return true;
            case UsingStatementSyntax { Statement: BlockSyntax block }:
                edits.Change(block, current => current.WithStatements(current.Statements.Insert(0, edits.Statement(statement))));
                return true;
            case UsingStatementSyntax { Statement: { } only }:
                edits.Change(only, current => SyntaxFactory.Block(edits.Statement(statement), current));
                return true;
            case FieldDeclarationSyntax { Parent: TypeDeclarationSyntax type } field when !field.Modifiers.Any(SyntaxKind.StaticKeyword):
                return InConstructors(edits, type, statement, name);
            default:
                return false;
        }
    }

    /// <summary>A field's initializer runs before any constructor's body: the first statement of each is the first chance.</summary>
    private static bool InConstructors(DocumentEdits edits, TypeDeclarationSyntax type, string statement, string name)
    {
        var any = false;
        foreach (var constructor in type.Members.OfType<ConstructorDeclarationSyntax>())
        {
            var chained = constructor.Initializer?.ThisOrBaseKeyword.IsKind(SyntaxKind.ThisKeyword) == true;
            var hidden = constructor.ParameterList.Parameters.Any(parameter => parameter.Identifier.Text == name);
            if (chained || hidden || constructor.Modifiers.Any(SyntaxKind.StaticKeyword) || constructor.Body is not { } body)
                continue;

            edits.Change(body, current => current.WithStatements(current.Statements.Insert(0, edits.Statement(statement))));
            any = true;
        }

        return any;
    }

    /// <summary>The expression with the parentheses, casts and <c>!</c> around it.</summary>
    private static ExpressionSyntax Outermost(ExpressionSyntax expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax
            or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
        {
            expression = (ExpressionSyntax)expression.Parent;
        }

        return expression;
    }
}
