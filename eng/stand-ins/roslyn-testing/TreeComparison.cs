namespace Microsoft.CodeAnalysis.Testing;

internal static class TreeComparison
{
    /// <summary>Describes the first place where two trees differ in form, or null.</summary>
    public static string? Difference(SyntaxNodeOrToken expected, SyntaxNodeOrToken actual, bool trivia)
    {
        if (expected.RawKind != actual.RawKind || expected.IsToken != actual.IsToken)
            return $"'{actual}' is of kind {actual.RawKind} where {expected.RawKind} was expected ('{expected}')";
        if (expected.IsToken)
        {
            var (wanted, made) = (expected.AsToken(), actual.AsToken());
            if (wanted.Text != made.Text || wanted.ValueText != made.ValueText || !Equals(wanted.Value, made.Value))
                return $"token '{made}' where '{wanted}' was expected";
            return trivia && !(Same(wanted.LeadingTrivia, made.LeadingTrivia) && Same(wanted.TrailingTrivia, made.TrailingTrivia))
                ? $"trivia around '{made}' differs"
                : null;
        }

        var (wantedChildren, madeChildren) = (expected.ChildNodesAndTokens(), actual.ChildNodesAndTokens());
        return wantedChildren.Count != madeChildren.Count
            ? $"'{actual}' has {madeChildren.Count} parts where {wantedChildren.Count} were expected"
            : wantedChildren.Zip(madeChildren).Select(pair => Difference(pair.First, pair.Second, trivia)).FirstOrDefault(found => found is not null);
    }

    private static bool Same(SyntaxTriviaList expected, SyntaxTriviaList actual) =>
        expected.Select(t => (t.RawKind, t.ToFullString())).SequenceEqual(actual.Select(t => (t.RawKind, t.ToFullString())));
}
