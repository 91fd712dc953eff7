using System.Collections.Immutable;

namespace Reliability.Analyzers.Options;

/// <summary>A list in one value of <c>.editorconfig</c>, as .NET's own rules write theirs: <c>one|two</c>.</summary>
internal static class NameList
{
    private static readonly char[] Bar = { '|' };

    /// <summary>The entries; none for an empty text. An empty entry stays, so that it can be refused.</summary>
    public static ImmutableArray<string> Split(string text) =>
        string.IsNullOrWhiteSpace(text) ? ImmutableArray<string>.Empty : text.Split(Bar).Select(static entry => entry.Trim()).ToImmutableArray();
}
