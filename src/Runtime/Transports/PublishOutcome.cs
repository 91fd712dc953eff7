namespace Reliability;

/// <summary>How a publish ended.</summary>
public enum PublishStatus
{
    /// <summary>The broker has taken the message for good. Only this removes an outbox row.</summary>
    Confirmed,

    /// <summary>The broker answered, or stayed silent past the time limit, and the message may be sent again: returned, nacked, timed out. Counts as an attempt.</summary>
    Failed,

    /// <summary>No attempt of this message can succeed, such as one above the broker's size limit. It becomes a dead letter.</summary>
    Refused,

    /// <summary>The broker cannot be reached. No attempt is counted.</summary>
    Unavailable,
}

/// <summary>How a publish ended, and why.</summary>
/// <param name="Status">How.</param>
/// <param name="Reason">Why, for people; null when confirmed. Holds no secret and no body.</param>
public readonly record struct PublishOutcome(PublishStatus Status, string? Reason)
{
    /// <summary>The broker has taken the message for good.</summary>
    public static PublishOutcome Confirmed => new(PublishStatus.Confirmed, null);

    /// <summary>The message may be sent again; an attempt is counted.</summary>
    public static PublishOutcome Failed(string reason) => new(PublishStatus.Failed, reason);

    /// <summary>No attempt of this message can succeed.</summary>
    public static PublishOutcome Refused(string reason) => new(PublishStatus.Refused, reason);

    /// <summary>The broker cannot be reached; no attempt is counted.</summary>
    public static PublishOutcome Unavailable(string reason) => new(PublishStatus.Unavailable, reason);
}
