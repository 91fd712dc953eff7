using System.Globalization;
using System.Text;

namespace Reliability.Messages;

/// <summary>
/// Text that others choose, as PostgreSQL can keep it: its text has no NUL, and UTF-8 no lone surrogate. Both are written as an escape, and a backslash
/// as two, so that different texts stay different and ordinary ones stay readable.
/// </summary>
internal static class StoredText
{
    /// <summary>How much of an error is kept, in characters.</summary>
    public const int LongestError = 4000;

    private const char Escape = '\\';

    public static string Write(string text)
    {
        var first = FindSpecial(text);
        return first < 0 ? text : WriteEscaped(text, first);
    }

    public static string Read(string text) => text.Contains(Escape, StringComparison.Ordinal) ? ReadEscaped(text) : text;

    /// <summary>An error's text, cut to what is kept of it, and never through a character.</summary>
    public static string Trim(string error)
    {
        if (error.Length <= LongestError)
            return error;

        return error[..(char.IsHighSurrogate(error[LongestError - 1]) ? LongestError - 1 : LongestError)];
    }

    private static int FindSpecial(string text)
    {
        var special = text.AsSpan().IndexOfAny('\0', Escape);
        return special >= 0 ? 0 : text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff');
    }

    private static string WriteEscaped(string text, int first)
    {
        var escaped = new StringBuilder(text, 0, first, text.Length + 16);
        for (var i = first; i < text.Length; i++)
        {
            var c = text[i];
            if (c == Escape)
                escaped.Append(@"\\");
            else if (c == '\0')
                escaped.Append(@"\0");
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                escaped.Append(c).Append(text[++i]);
            else if (char.IsSurrogate(c))
                escaped.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}");
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static string ReadEscaped(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != Escape)
            {
                plain.Append(text[i]);
                continue;
            }

            switch (text[++i])
            {
                case '0':
                    plain.Append('\0');
                    break;
                case 'u':
                    plain.Append((char)int.Parse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                    break;
                default:
                    plain.Append(text[i]);
                    break;
            }
        }

        return plain.ToString();
    }
}
