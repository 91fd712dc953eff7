using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>REL2007: closes the consumer where its loop ends, however it ends.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NotClosedFix))]
public sealed class NotClosedFix() : MessagingFix(Rules.NotClosed, "Close the consumer when its loop ends")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || ConsumeLoops.LoopOf(document, node) is not var (loop, consumer) || !document.Claim(loop))
            return;

        var close = $"{consumer.WithoutTrivia()}.Close();";
        if (loop.Parent is BlockSyntax { Parent: TryStatementSyntax attempt } block && attempt.Block == block)
        {
            document.Change(attempt, current => current.Finally is { } last
                ? current.WithFinally(last.WithBlock(last.Block.WithStatements(last.Block.Statements.Insert(0, document.StatementIn(last.Block, close)))))
                : Ending(document, current, close));
            return;
        }

        document.Change(loop, current => Ending(
            document,
            SyntaxFactory.TryStatement(
                SyntaxFactory.Token(SyntaxKind.TryKeyword).WithTrailingTrivia(document.NewLine), Braces(document, (StatementSyntax)current.WithoutLeadingTrivia().WithTrailingTrivia(document.NewLine)),
                default, null!),
            close).WithLeadingTrivia(current.GetLeadingTrivia()).WithTrailingTrivia(current.GetTrailingTrivia()).WithAdditionalAnnotations(DocumentEdits.New));
    }

    private static TryStatementSyntax Ending(DocumentEdits edits, TryStatementSyntax attempt, string close)
    {
        var after = attempt.GetTrailingTrivia();
        var last = SyntaxFactory.FinallyClause(SyntaxFactory.Token(SyntaxKind.FinallyKeyword).WithTrailingTrivia(edits.NewLine), Braces(edits, edits.Statement(close))).WithAdditionalAnnotations(DocumentEdits.New);
        return attempt.WithTrailingTrivia(edits.NewLine).WithFinally(last.WithTrailingTrivia(after));
    }

    private static BlockSyntax Braces(DocumentEdits edits, StatementSyntax only) => SyntaxFactory.Block(
        SyntaxFactory.Token(SyntaxKind.OpenBraceToken).WithTrailingTrivia(edits.NewLine), SyntaxFactory.SingletonList(only), SyntaxFactory.Token(SyntaxKind.CloseBraceToken).WithTrailingTrivia(edits.NewLine));
}
