namespace Reliability;

/// <summary>What is kept of an error: its types and messages, within bounds and without secrets.</summary>
internal static class ErrorText
{
    private const int Longest = 2000;

    /// <summary>Nothing beyond is looked at: patterns run over what may come from anywhere.</summary>
    private const int LongestRead = 4 * Longest;

    /// <summary>The error and what it wraps, one line each.</summary>
    public static string Of(Exception error)
    {
        var lines = new List<string>();
        for (Exception? current = error; current is not null && lines.Count < 5; current = current.InnerException)
        {
            lines.Add($"{current.GetType().FullName}: {current.Message}");
        }

        return Trim(string.Join(Environment.NewLine, lines));
    }

    /// <summary>The text's beginning, without secrets.</summary>
    public static string Trim(string text)
    {
        // Secrets first: the half of one that a cut leaves would not be known for one.
        var clean = Secrets.Remove(text.Length <= LongestRead ? text : text[..LongestRead]);
        return clean.Length <= Longest ? clean : string.Concat(clean.AsSpan(0, Longest), "…");
    }
}
