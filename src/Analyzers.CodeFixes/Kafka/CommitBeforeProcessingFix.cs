using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>REL2002: moves the commit behind the work, to the end of the block that does both.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CommitBeforeProcessingFix))]
public sealed class CommitBeforeProcessingFix() : MessagingFix(Rules.CommitBeforeProcessing, "Commit after the work")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || diagnostic.AdditionalLocations.Count == 0
            || node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Parent: BlockSyntax block } commit || !block.Span.Contains(diagnostic.AdditionalLocations[0].SourceSpan))
        {
            return;
        }

        var from = block.Statements.IndexOf(commit);
        var to = EndOf(document, block, from);
        if (to <= from || IsUnsafe(document, block, from, to) || !document.Claim(block))
            return;

        document.Change(block, current =>
        {
            var moved = current.Statements[from];
            var statements = current.Statements.Insert(to + 1, moved.WithLeadingTrivia(WithoutBlankLines(moved.GetLeadingTrivia()))).RemoveAt(from);
            return current.WithStatements(from > 0 ? statements : statements.Replace(statements[0], statements[0].WithLeadingTrivia(WithoutBlankLines(statements[0].GetLeadingTrivia()))));
        });
    }

    /// <summary>The index of the last statement before the block's end or its last jump; -1 where the end is not reached, or left earlier.</summary>
    private static int EndOf(DocumentEdits edits, BlockSyntax block, int from)
    {
        var last = block.Statements.Count - 1;
        if (block.Statements[last] is ReturnStatementSyntax { Expression: null } or BreakStatementSyntax or ContinueStatementSyntax)
            last--;
        if (last <= from)
            return -1;

        return edits.Model.AnalyzeControlFlow(block.Statements[from + 1], block.Statements[last]) is { Succeeded: true, EndPointIsReachable: true, ExitPoints.Length: 0 } ? last : -1;
    }

    /// <summary>Whether work goes on by itself, so that a commit at the end would still come before it, or another commit or a settled failure follows.</summary>
    private static bool IsUnsafe(DocumentEdits edits, BlockSyntax block, int from, int to)
    {
        for (var index = from + 1; index <= to; index++)
        {
            var statement = block.Statements[index];
            if (DetachedWork.IsIn(edits, statement) || statement.DescendantNodes().OfType<SimpleNameSyntax>().Any(static name => name.Identifier.ValueText is "Commit" or "StoreOffset" or "Seek"))
                return true;
        }

        return false;
    }

    private static SyntaxTriviaList WithoutBlankLines(SyntaxTriviaList trivia) => SyntaxFactory.TriviaList(trivia.SkipWhile(static one => one.IsKind(SyntaxKind.EndOfLineTrivia)));
}
