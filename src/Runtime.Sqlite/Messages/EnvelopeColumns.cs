using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Reliability.Messages;

/// <summary>An envelope as five columns, the same in every table that keeps messages.</summary>
internal static class EnvelopeColumns
{
    public const string Names = "message_id, message_name, message_key, headers, body";

    public static string? HeadersOf(Envelope envelope) => envelope.Headers.Count == 0
        ? null
        : JsonSerializer.Serialize(new Dictionary<string, string>(envelope.Headers, StringComparer.Ordinal), HeadersJson.Default.DictionaryStringString);

    public static byte[] BodyOf(Envelope envelope) =>
        envelope.Body.Length == 0 ? [] : System.Runtime.InteropServices.MemoryMarshal.TryGetArray(envelope.Body, out var whole)
            && whole.Offset == 0 && whole.Count == whole.Array!.Length
            ? whole.Array
            : envelope.Body.ToArray();

    /// <summary>Reads the five columns from <paramref name="first"/> on.</summary>
    public static Envelope Read(SqliteDataReader reader, int first) => new()
    {
        MessageId = Text.Read(reader, first) ?? "",
        MessageName = Text.Read(reader, first + 1),
        Key = Text.Read(reader, first + 2),
        Headers = reader.IsDBNull(first + 3)
            ? Envelope.NoHeaders
            : JsonSerializer.Deserialize(reader.GetString(first + 3), HeadersJson.Default.DictionaryStringString) ?? Envelope.NoHeaders,
        Body = reader.GetFieldValue<byte[]>(first + 4),
    };
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class HeadersJson : JsonSerializerContext;
