namespace Reliability;

/// <summary>
/// What the three handler attributes have in common. A method so marked gets a generated, idempotent wrapper: its database changes, the record
/// that the message was handled and the messages it returns commit together or not at all.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class HandlerAttribute : Attribute
{
    private protected HandlerAttribute(string source) => Source = source;

    /// <summary>The queue or topic the handler receives from.</summary>
    public string Source { get; }

    /// <summary>
    /// Path of the message's member that identifies the operation, such as <c>nameof(OrderPaid.OrderId)</c> or <c>"Order.Id"</c>. Two messages with
    /// the same value are one operation: the second is acknowledged and dropped. Default: the message id that the broker delivers.
    /// </summary>
    public string? DedupeKey { get; set; }

    /// <summary>Paths of several members that identify the operation together. Instead of <see cref="DedupeKey"/>.</summary>
    public string[]? DedupeKeys { get; set; }

    /// <summary>
    /// A static method of the handler's class that takes the message (and, if it likes, the <see cref="Envelope"/>) and returns the text that identifies the
    /// operation. Instead of <see cref="DedupeKey"/>. Null or an empty text: the key is missing, and the message becomes a dead letter.
    /// </summary>
    public string? KeyMethod { get; set; }

    /// <summary>Path of the message's member within whose values messages are handled in the order received, also through retries. Default: none.</summary>
    public string? OrderBy { get; set; }

    /// <summary>How often the handler is tried before the message becomes a dead letter. At least 1. Default: 5.</summary>
    public int Attempts { get; set; } = HandlerDescriptor.DefaultAttempts;

    /// <summary>
    /// The most messages that share one transaction. Default: 100. Use 1 for handlers with effects outside of the database: a group that fails is
    /// rolled back and its members run again one by one.
    /// </summary>
    public int Group { get; set; } = HandlerDescriptor.DefaultGroup;

    /// <summary>
    /// The name under which handled messages are remembered. Default: <c>Type.Method</c>. Pin it before you rename the method: under a new name the
    /// handler knows nothing of what it has handled.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Names the handler had before: what was handled and what waits under them becomes this handler's at the next start.</summary>
    public string[]? FormerNames { get; set; }

    /// <summary>
    /// How long one run may take, in seconds; then its token is cancelled and the attempt has failed. Default (0): <see cref="ReliabilityOptions.HandlerTimeout"/>.
    /// </summary>
    public double TimeoutSeconds { get; set; }

    /// <summary>
    /// How long handled messages are remembered, in hours. Must outlast every redelivery and replay. Default (0): <see cref="ReliabilityOptions.InboxRetention"/>.
    /// </summary>
    public double RetentionHours { get; set; }

    /// <summary>Exceptions after which no attempt can help: the message becomes a dead letter at once. Derived types count too.</summary>
    public Type[]? DeadLetterOn { get; set; }

    /// <summary>
    /// Exceptions that every message would meet, such as a missing configuration: the message is kept, no attempt is counted, and the source's subscription stops until the next
    /// start. Derived types count too.
    /// </summary>
    public Type[]? StopOn { get; set; }
}

/// <summary>Handles messages of a RabbitMQ queue (package Reliability.RabbitMQ).</summary>
/// <param name="queue">The queue's name. Declared durable at start, or only verified, by option.</param>
public sealed class RabbitMqHandlerAttribute(string queue) : HandlerAttribute(queue);

/// <summary>Handles the records of a Kafka topic (package Reliability.Kafka).</summary>
/// <param name="topic">The topic's name. It must exist.</param>
public sealed class KafkaHandlerAttribute(string topic) : HandlerAttribute(topic)
{
    /// <summary>
    /// True: a record is known by its offset, and one row for each partition remembers how far the handler has come, instead of one row for each message. Only for topics
    /// whose producers are idempotent: a record that is sent twice has two offsets and is handled twice. Records of one partition are handled one after the other.
    /// Instead of <see cref="HandlerAttribute.DedupeKey"/>. Default: false.
    /// </summary>
    public bool DedupeByOffset { get; set; }
}

/// <summary>Handles messages of a durable queue that lives in the store itself: no broker needed.</summary>
/// <param name="queue">The queue's name.</param>
public sealed class LocalHandlerAttribute(string queue) : HandlerAttribute(queue);
