namespace Reliability;

/// <summary>A message that was kept because it could not be handled or sent.</summary>
public sealed record DeadLetter
{
    /// <summary>Its number in the store; 0 before it is stored.</summary>
    public long Id { get; init; }

    /// <summary>True for a message that could not be sent, false for one that could not be handled.</summary>
    public bool IsOutgoing { get; init; }

    /// <summary>The handler's name; null for outgoing messages and where no handler was found.</summary>
    public string? Handler { get; init; }

    /// <summary>The transport it came from, or was to leave by.</summary>
    public required string Transport { get; init; }

    /// <summary>The queue or topic it came from, or the route it was to take.</summary>
    public required string Source { get; init; }

    /// <summary>The message as it was received or was to be sent.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>The dedupe key, where it could be read.</summary>
    public string? DedupeKey { get; init; }

    /// <summary>Why it is here.</summary>
    public required DeadLetterReason Reason { get; init; }

    /// <summary>The last error: its type and message, never a body. The store keeps its first 4,000 characters.</summary>
    public required string Error { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was first received or written; left out, the store sets it to <see cref="At"/>.</summary>
    public DateTimeOffset FirstAt { get; init; }

    /// <summary>When it became a dead letter; set by the store.</summary>
    public DateTimeOffset At { get; init; }
}
