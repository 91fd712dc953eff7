namespace Reliability;

/// <summary>A message that waits for its next attempt.</summary>
public sealed record DeferredMessage
{
    /// <summary>Its number in the store; 0 before it is stored.</summary>
    public long Id { get; init; }

    /// <summary>The handler's name.</summary>
    public required string Consumer { get; init; }

    /// <summary>The transport it came from.</summary>
    public required string Transport { get; init; }

    /// <summary>The queue or topic it came from.</summary>
    public required string Source { get; init; }

    /// <summary>The operation: unique among a consumer's deferred messages.</summary>
    public required string DedupeKey { get; init; }

    /// <summary>Within what the order is kept, or null.</summary>
    public string? OrderKey { get; init; }

    /// <summary>The message.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>Attempts begun so far.</summary>
    public int Attempts { get; init; }

    /// <summary>The last error's type and message, trimmed; null where it was not tried.</summary>
    public string? LastError { get; init; }

    /// <summary>When it was first received; set by the store.</summary>
    public DateTimeOffset FirstAt { get; init; }
}
