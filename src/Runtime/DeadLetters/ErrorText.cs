namespace Reliability;

/// <summary>What is kept of an error: its types and messages, within bounds.</summary>
internal static class ErrorText
{
    private const int Longest = 2000;

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

    public static string Trim(string text) => text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
}
