using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliability.Analyzers.CodeFixes.Edits;

/// <summary>Elements put into a list with commas, laid out as their neighbours are: on one line, or each on its own.</summary>
internal static class Lists
{
    public static SeparatedSyntaxList<TNode> InsertLikeNeighbours<TNode>(
        this SeparatedSyntaxList<TNode> list, int index, TNode node, SyntaxTrivia newLine)
        where TNode : SyntaxNode
    {
        if (list.Count == 0)
            return list.Add(node);

        var items = list.GetWithSeparators().ToList();
        var comma = SyntaxFactory.Token(SyntaxKind.CommaToken);
        var space = SyntaxFactory.TriviaList(SyntaxFactory.Space);
        var lineEnd = SyntaxFactory.TriviaList(newLine);
        if (index < list.Count)
        {
            var next = list[index];
            var at = items.IndexOf(next);
            items[at] = StartsLine(next) ? next.WithLeadingTrivia(Indent(next)) : next;
            items.Insert(at, comma.WithTrailingTrivia(StartsLine(next) ? lineEnd : space));
            items.Insert(at, node.WithLeadingTrivia(next.GetLeadingTrivia()).WithTrailingTrivia());
            return SyntaxFactory.SeparatedList<TNode>(items);
        }

        var last = list[list.Count - 1];
        var ownLine = list.Count > 1 || items.Count > 1 || EndsLine(last.GetLastToken()) ? StartsLine(last) : false;
        var indent = ownLine ? Indent(last) : default;
        if (list.SeparatorCount == list.Count)
        {
            var trailing = items[items.Count - 1].AsToken();
            items[items.Count - 1] = ownLine ? trailing : trailing.WithTrailingTrivia(space);
            items.Add(node.WithLeadingTrivia(indent).WithTrailingTrivia());
            items.Add(comma.WithTrailingTrivia(ownLine ? lineEnd : trailing.TrailingTrivia));
            return SyntaxFactory.SeparatedList<TNode>(items);
        }

        var after = last.GetTrailingTrivia();
        var lineEnds = after.Any(SyntaxKind.EndOfLineTrivia);
        items[items.Count - 1] = last.WithTrailingTrivia();
        items.Add(comma.WithTrailingTrivia(!ownLine ? space : lineEnds ? after : lineEnd));
        items.Add(node.WithLeadingTrivia(indent).WithTrailingTrivia(ownLine && lineEnds ? lineEnd : after));
        return SyntaxFactory.SeparatedList<TNode>(items);
    }

    private static bool StartsLine(SyntaxNode node) =>
        node.GetLeadingTrivia().Any(SyntaxKind.EndOfLineTrivia) || EndsLine(node.GetFirstToken().GetPreviousToken());

    private static bool EndsLine(SyntaxToken token) => token.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);

    private static SyntaxTriviaList Indent(SyntaxNode node) =>
        SyntaxFactory.TriviaList(node.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Reverse().Take(1));
}
