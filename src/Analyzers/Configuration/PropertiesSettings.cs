using Microsoft.CodeAnalysis.Text;

namespace Reliability.Analyzers.Configuration;

/// <summary>Reads a <c>.properties</c> file: <c>key=value</c> or <c>key: value</c>, a line each, comments behind <c>#</c> or <c>!</c>.</summary>
internal static class PropertiesSettings
{
    private static readonly char[] Marks = { '=', ':' };

    public static IEnumerable<Setting> Read(SourceText text)
    {
        foreach (var line in text.Lines)
        {
            var content = line.ToString();
            var mark = content.IndexOfAny(Marks);
            if (mark <= 0 || content.TrimStart().StartsWith("#", StringComparison.Ordinal) || content.TrimStart().StartsWith("!", StringComparison.Ordinal))
                continue;

            var value = content.Substring(mark + 1);
            var first = line.Start + mark + 1 + (value.Length - value.TrimStart().Length);
            yield return new Setting("", content.Substring(0, mark).Trim(), value.Trim(), new TextSpan(first, value.Trim().Length));
        }
    }
}
