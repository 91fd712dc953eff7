using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Handlers;

/// <summary>REL4102: leaves the commit to the runtime. What to do instead of a rollback is for people to say.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EndsTransactionFix))]
public sealed class EndsTransactionFix() : MessagingFix(Rules.EndsTransaction, "Leave the commit to the runtime")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(DiagnosticKeys.Member, out var called) || called is null || !called.StartsWith("Commit", StringComparison.Ordinal)
            || await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node)
            || node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Parent: BlockSyntax } statement || node.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } method
            || IsOnlyAwait(method, statement) || LeavesUnused(document, method, statement) || !document.Claim(statement))
        {
            return;
        }

        document.Remove(statement);
    }

    /// <summary>An async method that no longer awaits is a warning of the compiler.</summary>
    private static bool IsOnlyAwait(MethodDeclarationSyntax method, StatementSyntax statement)
    {
        var awaits = method.DescendantNodes().OfType<AwaitExpressionSyntax>().ToList();
        return awaits.Count > 0 && awaits.All(statement.Contains);
    }

    /// <summary>Whether a parameter beside the transaction, such as the token, is used nowhere else.</summary>
    private static bool LeavesUnused(DocumentEdits edits, MethodDeclarationSyntax method, StatementSyntax statement) =>
        statement.DescendantNodes().OfType<ArgumentSyntax>().SelectMany(static one => one.DescendantNodes().OfType<IdentifierNameSyntax>())
            .Select(one => edits.Model.GetSymbolInfo(one).Symbol).OfType<IParameterSymbol>()
            .Any(parameter => method.DescendantNodes().OfType<IdentifierNameSyntax>().Count(one => one.Identifier.ValueText == parameter.Name) == 1);
}
