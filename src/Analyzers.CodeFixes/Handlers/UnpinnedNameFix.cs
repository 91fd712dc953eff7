using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Handlers;

/// <summary>REL4108: writes down the name that the handler has now, so that it keeps what it has handled.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnpinnedNameFix))]
public sealed class UnpinnedNameFix() : MessagingFix(Rules.UnpinnedName, "Pin the handler's name")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(DiagnosticKeys.Member, out var name) || name is null
            || await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node)
            || node.FirstAncestorOrSelf<AttributeSyntax>() is not { ArgumentList: { } list } || !document.Claim(list))
        {
            return;
        }

        var equals = SyntaxFactory.NameEquals(
            SyntaxFactory.IdentifierName("Name").WithTrailingTrivia(SyntaxFactory.Space), SyntaxFactory.Token(SyntaxKind.EqualsToken).WithTrailingTrivia(SyntaxFactory.Space));
        var argument = SyntaxFactory.AttributeArgument(equals, null, InitializerEdits.Text(name));
        document.Change(list, current => current.WithArguments(current.Arguments.InsertLikeNeighbours(current.Arguments.Count, argument, document.NewLine)));
    }
}
