namespace Reliability;

/// <summary>One handler at one source: what a handler attribute says, as the generator hands it to the runtime.</summary>
/// <param name="Name">The consumer's name: handled messages are remembered under it.</param>
/// <param name="Transport">The transport it receives from: a constant of <see cref="TransportNames"/>.</param>
/// <param name="Source">The queue or topic.</param>
/// <param name="Handler">The generated wrapper.</param>
public sealed record HandlerDescriptor(string Name, string Transport, string Source, MessageHandler Handler)
{
    /// <summary>What <see cref="HandlerAttribute.Attempts"/> is when not written.</summary>
    public const int DefaultAttempts = 5;

    /// <summary>What <see cref="HandlerAttribute.Group"/> is when not written.</summary>
    public const int DefaultGroup = 100;

    /// <summary>How often the handler is tried before the message becomes a dead letter.</summary>
    public int Attempts { get; init; } = DefaultAttempts;

    /// <summary>The most messages that share one transaction.</summary>
    public int Group { get; init; } = DefaultGroup;

    /// <summary>True where a message is known by its place in the log that it came from, not by a key; see <see cref="KafkaHandlerAttribute.DedupeByOffset"/>.</summary>
    public bool DedupeByOffset { get; init; }

    /// <summary>Names it had before; see <see cref="HandlerAttribute.FormerNames"/>.</summary>
    public IReadOnlyList<string> FormerNames { get; init; } = [];

    /// <summary>How long one run may take; null: <see cref="ReliabilityOptions.HandlerTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long handled messages are remembered; null: <see cref="ReliabilityOptions.InboxRetention"/>.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Exceptions that make the message a dead letter at once: these types, and those derived from them.</summary>
    public IReadOnlyList<Type> DeadLetterOn { get; init; } = [];

    /// <summary>Exceptions that stop the subscription, with the message kept: these types, and those derived from them.</summary>
    public IReadOnlyList<Type> StopOn { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Name} on {Transport} '{Source}'";
}
