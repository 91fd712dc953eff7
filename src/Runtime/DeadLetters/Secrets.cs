using System.Text.RegularExpressions;

namespace Reliability;

/// <summary>
/// Takes secrets out of texts that others wrote, such as a driver's error that quotes its connection string. Rather too much than too little:
/// what is cut can be found at its source, what is kept is in a database and in logs for good.
/// </summary>
internal static partial class Secrets
{
    private const string Removed = "***";

    public static string Remove(string text)
    {
        var clean = UserInfo().Replace(text, $"$1{Removed}@");
        clean = Authorization().Replace(clean, $"$1{Removed}");
        clean = Bearer().Replace(clean, $"$1{Removed}");
        clean = Jwt().Replace(clean, Removed);
        return Named().Replace(clean, $"$1{Removed}");
    }

    /// <summary>User and password in a URI. Up to the last @: a password that was not escaped may hold one, or a slash.</summary>
    [GeneratedRegex("""([a-z][a-z0-9+.\-]*://)[^\s"'<>@]*(?:@[^\s"'<>@]*)*@""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    [GeneratedRegex("""(\bauthorization["']?\s*[:=]\s*)["']?[^\r\n;,"']+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Authorization();

    [GeneratedRegex("""(\bbearer\s+)[^\s;,"']{8,}""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();

    /// <summary>A JSON Web Token anywhere.</summary>
    [GeneratedRegex("""\beyJ[A-Za-z0-9_\-]{6,}\.[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)?""", RegexOptions.CultureInvariant)]
    private static partial Regex Jwt();

    /// <summary>
    /// The value behind a secret's name, in connection strings, queries, JSON and prose: in quotes, or up to the next semicolon of the line, or one word.
    /// </summary>
    [GeneratedRegex(
        """((?:password|passwd|passphrase|pwd|secret|token|api[ _\-]?key|access[ _\-]?key|account[ _\-]?key|private[ _\-]?key|credentials?|signature|\bsig)["']?\s*[=:]\s*)(?:"[^"\r\n]*"?|'[^'\r\n]*'?|[^;\r\n"']*(?=;)|[^\s,;&"']+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
