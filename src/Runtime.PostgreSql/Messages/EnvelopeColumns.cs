using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Reliability.Connections;

namespace Reliability.Messages;

/// <summary>An envelope as five columns, the same in every table that keeps messages.</summary>
internal static class EnvelopeColumns
{
    public const string Names = "message_id, message_name, message_key, headers, body";

    /// <summary>The headers as JSON, which is ASCII; null where there are none.</summary>
    public static string? HeadersOf(Envelope envelope)
    {
        if (envelope.Headers.Count == 0)
            return null;

        var headers = new Dictionary<string, string>(envelope.Headers.Count, StringComparer.Ordinal);
        foreach (var (name, value) in envelope.Headers)
            headers.Add(StoredText.Write(name), StoredText.Write(value));

        return JsonSerializer.Serialize(headers, HeadersJson.Default.DictionaryStringString);
    }

    /// <summary>Binds the five columns of one envelope.</summary>
    public static NpgsqlBatchCommand Envelope(this NpgsqlBatchCommand command, Envelope envelope) => command
        .Text(envelope.MessageId).Text(envelope.MessageName).Text(envelope.Key).Raw(HeadersOf(envelope)).Bytes(envelope.Body);

    /// <summary>Reads the five columns from <paramref name="first"/> on.</summary>
    public static Envelope ReadEnvelope(this NpgsqlDataReader reader, int first) => new()
    {
        MessageId = reader.Text(first)!,
        MessageName = reader.Text(first + 1),
        Key = reader.Text(first + 2),
        Headers = reader.IsDBNull(first + 3) ? Reliability.Envelope.NoHeaders : ReadHeaders(reader.GetString(first + 3)),
        Body = reader.GetFieldValue<byte[]>(first + 4),
    };

    private static Dictionary<string, string> ReadHeaders(string json)
    {
        var stored = JsonSerializer.Deserialize(json, HeadersJson.Default.DictionaryStringString)!;
        var headers = new Dictionary<string, string>(stored.Count, StringComparer.Ordinal);
        foreach (var (name, value) in stored)
            headers.Add(StoredText.Read(name), StoredText.Read(value));

        return headers;
    }
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class HeadersJson : JsonSerializerContext;
