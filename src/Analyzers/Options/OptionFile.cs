using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Reliability.Analyzers.Options;

/// <summary>One line <c>key = value</c> of a file of options.</summary>
/// <param name="Key">The key, in lower case: the compiler does not tell cases apart.</param>
/// <param name="KeySpan">Where it stands.</param>
/// <param name="Value">The value, as written.</param>
/// <param name="ValueSpan">Where it stands; behind the sign where there is none.</param>
internal readonly record struct OptionLine(string Key, TextSpan KeySpan, string Value, TextSpan ValueSpan);

/// <summary>An <c>.editorconfig</c> or <c>.globalconfig</c>, read for the places of its lines only; what they come to for some file is the compiler's to say.</summary>
internal static class OptionFile
{
    // As the compiler reads a line: a comment may follow the value.
    private static readonly Regex Line = new(@"^\s*([\w\.\-_]+)\s*[=:]\s*(.*?)\s*([#;].*)?$", RegexOptions.CultureInvariant);

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool Is(AdditionalText file) => Path.GetExtension(file.Path) is ".editorconfig" or ".globalconfig";

    /// <summary>The lines whose keys begin as this package's do.</summary>
    public static IEnumerable<OptionLine> Read(SourceText text)
    {
        foreach (var line in text.Lines)
        {
            var match = Line.Match(line.ToString());
            if (match.Success && match.Groups[1].Value.StartsWith(RuleOption.Prefix, StringComparison.OrdinalIgnoreCase))
                yield return new OptionLine(match.Groups[1].Value.ToLowerInvariant(), Span(line, match.Groups[1]), match.Groups[2].Value, Span(line, match.Groups[2]));
        }
    }

    private static TextSpan Span(TextLine line, Group group) => new(line.Start + group.Index, group.Length);
}
