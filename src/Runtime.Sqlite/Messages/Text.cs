using System.Text;
using Microsoft.Data.Sqlite;

namespace Reliability.Messages;

/// <summary>
/// Text that others choose, bound and read as UTF-8 bytes: the driver ends a string at its first NUL, and two keys that differ only behind one would
/// become the same. Statements write <c>CAST(@p AS TEXT)</c>, so the columns hold text all the same.
/// </summary>
internal static class Text
{
    /// <summary>How much of an error is kept, in characters.</summary>
    public const int LongestError = 4000;

    public static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    public static string? Read(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(column));

    /// <summary>An error's text, cut to what is kept of it, and never through a character.</summary>
    public static string Trim(string error)
    {
        if (error.Length <= LongestError)
            return error;

        return error[..(char.IsHighSurrogate(error[LongestError - 1]) ? LongestError - 1 : LongestError)];
    }
}
