using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Source text with its marks taken out: <c>[|…|]</c>, <c>{|name:…|}</c> (also closed by <c>|#0}</c>) and <c>$$</c>.</summary>
internal sealed partial record Markup(string Text, ImmutableArray<int> Positions, ImmutableArray<(string Name, TextSpan Span)> Spans)
{
    [GeneratedRegex(@"\$\$|\[\||\|\]|\{\|(?<open>[^:|[\]{}]+):|\|(?<close>#\d+)\}|\|\}")]
    private static partial Regex Mark();

    public static Markup Parse(string input, bool positionsAreCode)
    {
        var text = new StringBuilder(input.Length);
        var positions = ImmutableArray.CreateBuilder<int>();
        var spans = ImmutableArray.CreateBuilder<(string, TextSpan)>();
        var open = new List<(string Name, int Start)>();
        var copied = 0;

        foreach (Match mark in Mark().Matches(input))
        {
            if (mark.Value == "$$" && positionsAreCode)
                continue;
            text.Append(input, copied, mark.Index - copied);
            copied = mark.Index + mark.Length;
            switch (mark.Value)
            {
                case "$$":
                    positions.Add(text.Length);
                    break;
                case "[|":
                    open.Add(("", text.Length));
                    break;
                default:
                    if (mark.Groups["open"].Success)
                        open.Add((mark.Groups["open"].Value, text.Length));
                    else
                        spans.Add(Close(mark, open, text.Length));
                    break;
            }
        }

        if (open.Count > 0)
            throw new ArgumentException($"The input contained a start tag for span '{open[^1].Name}' without an end tag.", nameof(input));
        text.Append(input, copied, input.Length - copied);
        return new Markup(text.ToString(), positions.ToImmutable(), spans.ToImmutable());
    }

    private static (string Name, TextSpan Span) Close(Match mark, List<(string Name, int Start)> open, int end)
    {
        var key = mark.Groups["close"];
        var index = key.Success ? open.FindLastIndex(start => start.Name == key.Value) : open.Count - 1;
        if (index < 0)
            throw new ArgumentException($"Mismatched end tag '{mark.Value}' found at position '{mark.Index}'");
        var (name, start) = open[index];
        open.RemoveAt(index);
        return (name, TextSpan.FromBounds(start, end));
    }
}
