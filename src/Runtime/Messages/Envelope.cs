namespace Reliability;

/// <summary>A message as transports and stores see it: an id, a name, headers and bytes.</summary>
public sealed record Envelope
{
    /// <summary>Headers of a message that has none.</summary>
    public static IReadOnlyDictionary<string, string> NoHeaders { get; } = new Dictionary<string, string>();

    /// <summary>The sender's id of the message: the same at every redelivery and resend. Empty where the sender gave none.</summary>
    public required string MessageId { get; init; }

    /// <summary>The message's name, such as <c>OrderPaid</c>; null where the sender gave none. See <see cref="MessageNameAttribute"/>.</summary>
    public string? MessageName { get; init; }

    /// <summary>Within what the order matters: Kafka's key; null where the sender gave none.</summary>
    public string? Key { get; init; }

    /// <summary>The headers, as text: what a sender wrote as bytes that are no text is <c>0x</c> and hexadecimal, what it wrote as tables is JSON. Never null.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>The body: UTF-8 JSON for messages of this library. The memory belongs to the envelope.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
