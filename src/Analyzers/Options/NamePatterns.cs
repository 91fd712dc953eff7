using System.Collections.Immutable;

namespace Reliability.Analyzers.Options;

/// <summary>Names of queues or exchanges, with <c>|</c> between them; <c>*</c> stands for any text, an empty one too, and <c>?</c> for any one character.</summary>
internal sealed class NamePatterns
{
    public const string Allowed = "names with | between them; * stands for any text and ? for one character: cache.*|prices";

    private readonly ImmutableArray<string> _patterns;

    private NamePatterns(ImmutableArray<string> patterns) => _patterns = patterns;

    public bool IsEmpty => _patterns.IsEmpty;

    public static bool TryParse(string text, out NamePatterns patterns)
    {
        var parts = NameList.Split(text);
        patterns = new NamePatterns(parts);
        return parts.All(static part => part.Length > 0);
    }

    /// <summary>Whether a name is one of them. Names of queues and exchanges tell upper case from lower case.</summary>
    public bool Match(string? name)
    {
        if (name is null)
            return false;

        foreach (var pattern in _patterns)
        {
            if (Matches(pattern, name))
                return true;
        }

        return false;
    }

    /// <summary>Goes along both, and back to the last star where they part.</summary>
    private static bool Matches(string pattern, string name)
    {
        var (at, position, star, resume) = (0, 0, -1, 0);
        while (position < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
                (star, resume, at) = (at, position, at + 1);
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == name[position]))
                (at, position) = (at + 1, position + 1);
            else if (star >= 0)
                (at, position) = (star + 1, ++resume);
            else
                return false;
        }

        while (at < pattern.Length && pattern[at] == '*')
            at++;
        return at == pattern.Length;
    }
}
