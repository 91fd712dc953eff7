using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Reliability;

/// <summary>Writes an envelope as a record.</summary>
internal static class EnvelopeWriter
{
    /// <param name="envelope">The message.</param>
    /// <param name="cloudEvent">Its attributes as a CloudEvent, by the Kafka binding (version 1.0.2); null: none.</param>
    public static Message<string?, ReadOnlyMemory<byte>> Write(Envelope envelope, CloudEvent? cloudEvent)
    {
        var headers = new Headers();
        if (envelope.MessageId.Length > 0)
        {
            headers.Add(KafkaHeaders.MessageId, Encoding.UTF8.GetBytes(envelope.MessageId));
        }

        if (envelope.MessageName is not null)
        {
            headers.Add(KafkaHeaders.MessageName, Encoding.UTF8.GetBytes(envelope.MessageName));
        }

        foreach (var (name, value) in envelope.Headers)
        {
            if (name is not (KafkaHeaders.MessageId or KafkaHeaders.MessageName))
            {
                headers.Add(name, Encoding.UTF8.GetBytes(value));
            }
        }

        if (cloudEvent is not null)
        {
            AddAttributes(headers, envelope, cloudEvent);
        }

        return new() { Key = envelope.Key, Value = envelope.Body, Headers = headers };
    }

    private static void AddAttributes(Headers headers, Envelope envelope, CloudEvent cloudEvent)
    {
        foreach (var (attribute, value) in cloudEvent.Attributes.Append(new(KafkaHeaders.ContentType, "application/json")))
        {
            var name = attribute == KafkaHeaders.ContentType ? attribute : CloudEvent.KafkaPrefix + attribute;
            // An event that is sent on as it came keeps its own attributes.
            if (!envelope.Headers.ContainsKey(name))
            {
                headers.Add(name, Encoding.UTF8.GetBytes(value));
            }
        }
    }

    /// <summary>Hands the body's array over as it is where it is one; the client copies it before Produce returns.</summary>
    public sealed class BodySerializer : ISerializer<ReadOnlyMemory<byte>>
    {
        public byte[] Serialize(ReadOnlyMemory<byte> data, SerializationContext context) =>
            MemoryMarshal.TryGetArray(data, out var segment) && segment.Array is { } array && segment.Count == array.Length ? array : data.ToArray();
    }

    /// <summary>Like the client's own, but a missing key stays missing, and is spread over the partitions.</summary>
    public sealed class KeySerializer : ISerializer<string?>
    {
        public byte[]? Serialize(string? data, SerializationContext context) => data is null ? null : Encoding.UTF8.GetBytes(data);
    }
}
