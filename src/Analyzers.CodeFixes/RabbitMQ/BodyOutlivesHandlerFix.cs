using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1010: copies the body before it is kept.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BodyOutlivesHandlerFix))]
public sealed class BodyOutlivesHandlerFix() : MessagingFix(Rules.BodyOutlivesHandler, "Copy the body")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is not { } body || !CallEdits.IsRepeatable(body.Expression))
            return;

        var nested = body.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().FirstOrDefault();
        var declares = nested is not null && document.Model.GetSymbolInfo(body.Expression).Symbol is IParameterSymbol delivery
            && !SymbolEqualityComparer.Default.Equals(delivery.ContainingSymbol, document.Model.GetSymbolInfo(nested).Symbol);
        if (!declares)
        {
            document.Replace(body, SyntaxFactory.ParseExpression($"{body.WithoutTrivia()}.ToArray()"));
        }
        else if (nested!.Parent?.Parent?.Parent is InvocationExpressionSyntax start && StatementEdits.CanPrecede(start))
        {
            // The copy is made before the other thread starts.
            var name = document.FreeName(start, "body");
            document.Statements.Before(start, $"var {name} = {body.WithoutTrivia()}.ToArray();");
            var isCopied = body.Parent is MemberAccessExpressionSyntax { Name.Identifier.Text: "ToArray", Parent: InvocationExpressionSyntax };
            document.Replace(isCopied ? (ExpressionSyntax)body.Parent!.Parent! : body, SyntaxFactory.IdentifierName(name));
        }
    }
}
