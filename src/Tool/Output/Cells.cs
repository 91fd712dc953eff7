using System.Globalization;

namespace Reliability.Tool.Output;

/// <summary>Values as people read them.</summary>
internal static class Cells
{
    /// <summary>Without control characters: senders choose names and ids, and a terminal obeys what it prints.</summary>
    public static string Plain(string text) =>
        text.Any(IsUnwanted) ? string.Concat(text.Select(character => IsUnwanted(character) ? '·' : character)) : text;

    public static string Of(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The largest unit, and the next.</summary>
    public static string Age(double seconds)
    {
        var age = TimeSpan.FromSeconds(Math.Max(0, seconds));
        return age switch
        {
            { TotalDays: >= 1 } => $"{(int)age.TotalDays} d {age.Hours} h",
            { TotalHours: >= 1 } => $"{age.Hours} h {age.Minutes} min",
            { TotalMinutes: >= 1 } => $"{age.Minutes} min {age.Seconds} s",
            _ => $"{age.Seconds} s",
        };
    }

    /// <summary>The first line, cut to a length that leaves room for other columns.</summary>
    public static string Short(string text, int length)
    {
        var end = text.IndexOfAny(['\r', '\n']);
        var line = end < 0 ? text : text[..end];
        return line.Length <= length ? line : line[..(length - 1)] + "…";
    }

    private static bool IsUnwanted(char character) => char.IsControl(character) && character is not '\n' and not '\r' and not '\t';
}
