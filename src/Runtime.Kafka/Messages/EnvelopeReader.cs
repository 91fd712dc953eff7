using System.Text;
using System.Text.Unicode;
using Confluent.Kafka;

namespace Reliability;

/// <summary>Reads a record. Whatever is in it, it becomes an envelope: what cannot be understood is left to whoever knows the handlers.</summary>
internal static class EnvelopeReader
{
    public static Envelope Read(ConsumeResult<byte[]?, byte[]?> record)
    {
        string? id = null, name = null;
        Dictionary<string, string>? headers = null;
        foreach (var header in record.Message.Headers)
        {
            switch (header.Key)
            {
                case KafkaHeaders.MessageId:
                    id = Text(header.GetValueBytes());
                    break;
                case KafkaHeaders.MessageName:
                    name = Text(header.GetValueBytes());
                    break;
                default:
                    if (Shown(header.GetValueBytes()) is { } value)
                    {
                        (headers ??= [])[header.Key] = value;
                    }

                    break;
            }
        }

        return new Envelope
        {
            // Where the sender gave none, the record's place: the same at every redelivery, though not at the sender's resend.
            MessageId = string.IsNullOrEmpty(id) ? $"{record.Topic}[{record.Partition.Value}]@{record.Offset.Value}" : id,
            MessageName = name,
            Key = Shown(record.Message.Key),
            Headers = headers ?? Envelope.NoHeaders,
            // A tombstone has no value; to a handler that is an empty body.
            Body = record.Message.Value ?? [],
        };
    }

    /// <summary>A key or header that is not text, such as a number of another program, is kept: its bytes in hexadecimal.</summary>
    private static string? Shown(byte[]? bytes) => bytes is null ? null : Text(bytes) ?? "0x" + Convert.ToHexString(bytes);

    private static string? Text(byte[]? bytes) => bytes is not null && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
