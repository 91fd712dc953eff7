using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>Catch blocks that let go on what they held back.</summary>
internal static class CatchEdits
{
    /// <summary>Ends a catch block with <c>throw;</c>, in the place of a last <c>return</c>.</summary>
    /// <param name="edits">The document.</param>
    /// <param name="caught">The catch block.</param>
    /// <param name="without">A statement of it that must not run when the exception goes on.</param>
    public static void Rethrow(this DocumentEdits edits, CatchClauseSyntax caught, StatementSyntax? without = null)
    {
        if (!edits.Claim(caught.Block))
            return;

        var index = without is null ? -1 : caught.Block.Statements.IndexOf(without);
        edits.Change(caught.Block, current =>
        {
            var statements = index < 0 ? current.Statements : current.Statements.RemoveAt(index);
            var rethrow = edits.StatementIn(caught.Block, "throw;");
            if (statements.LastOrDefault() is ReturnStatementSyntax left)
            {
                statements = statements.RemoveAt(statements.Count - 1);
                rethrow = rethrow.WithLeadingTrivia(left.GetLeadingTrivia());
            }

            return current.WithStatements(statements.Add(rethrow));
        });
    }
}
