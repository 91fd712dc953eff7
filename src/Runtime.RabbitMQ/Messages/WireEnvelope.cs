using RabbitMQ.Client;

namespace Reliability;

/// <summary>An envelope as AMQP properties and headers, and back. Reading never throws: whatever a stranger sent becomes an envelope.</summary>
internal static class WireEnvelope
{
    /// <summary>The header that carries <see cref="Envelope.Key"/>.</summary>
    public const string KeyHeader = "reliability-key";

    /// <summary>
    /// No <c>expiration</c> is written for a message that expires: a queue without a dead-letter exchange drops what has expired without a trace. Its header says it
    /// too (<see cref="HeaderNames.ExpiresAt"/>), and who receives it too late keeps it as a dead letter.
    /// </summary>
    /// <param name="envelope">The message.</param>
    /// <param name="cloudEvent">Its attributes as a CloudEvent, by the AMQP binding (version 1.0.2); null: none.</param>
    /// <param name="now">The time.</param>
    public static BasicProperties ToProperties(Envelope envelope, CloudEvent? cloudEvent, DateTimeOffset now)
    {
        var count = envelope.Headers.Count + (cloudEvent is null ? 0 : 6) + (envelope.Key is null ? 0 : 1);
        var headers = count == 0 ? null : new Dictionary<string, object?>(count);
        if (cloudEvent is not null)
        {
            foreach (var (name, value) in cloudEvent.Attributes)
            {
                headers![CloudEvent.AmqpPrefix + name] = value;
            }
        }

        // After: an event that is sent on as it came keeps its own attributes.
        foreach (var (name, value) in envelope.Headers)
        {
            headers![name] = value;
        }

        if (envelope.Key is not null)
        {
            headers![KeyHeader] = envelope.Key;
        }

        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = envelope.MessageId,
            ContentType = "application/json",
            Timestamp = new AmqpTimestamp(now.ToUnixTimeSeconds()),
            Headers = headers,
        };
        if (envelope.MessageName is not null)
        {
            properties.Type = envelope.MessageName;
        }

        return properties;
    }

    /// <param name="properties">As received.</param>
    /// <param name="body">The client's memory, which it takes back after the call; copied.</param>
    public static Envelope FromDelivery(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var headers = ReadHeaders(properties.Headers, out var key);
        return new Envelope
        {
            MessageId = properties.MessageId ?? "",
            MessageName = string.IsNullOrEmpty(properties.Type) ? null : properties.Type,
            Key = key,
            Headers = headers,
            Body = body.ToArray(),
        };
    }

    private static IReadOnlyDictionary<string, string> ReadHeaders(IDictionary<string, object?>? received, out string? key)
    {
        key = null;
        if (received is null || received.Count == 0)
        {
            return Envelope.NoHeaders;
        }

        Dictionary<string, string>? headers = null;
        foreach (var (name, value) in received)
        {
            // The client's own bookkeeping: carried on, it would be wrong in the next message.
            if (name == Constants.PublishSequenceNumberHeader || HeaderText.Read(value) is not { } text)
            {
                continue;
            }

            if (name == KeyHeader)
            {
                key = text;
            }
            else
            {
                (headers ??= new(received.Count))[name] = text;
            }
        }

        return headers ?? Envelope.NoHeaders;
    }
}
