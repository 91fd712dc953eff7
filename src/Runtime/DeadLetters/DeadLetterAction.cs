namespace Reliability;

/// <summary>What a person did with a dead letter; kept after the letter is gone.</summary>
public sealed record DeadLetterAction
{
    /// <summary>Its number in the store; 0 before it is stored.</summary>
    public long Id { get; init; }

    /// <summary>The dead letter's number.</summary>
    public required long DeadLetterId { get; init; }

    /// <summary>The message's id.</summary>
    public required string MessageId { get; init; }

    /// <summary>The handler's name, or the route of an outgoing message.</summary>
    public required string Target { get; init; }

    /// <summary>What was done.</summary>
    public required DeadLetterActionKind Kind { get; init; }

    /// <summary>Who did it.</summary>
    public required string By { get; init; }

    /// <summary>Why, in that person's words; null where nothing was said.</summary>
    public string? Note { get; init; }

    /// <summary>When; set by the store.</summary>
    public DateTimeOffset At { get; init; }
}

/// <summary>What can be done with a dead letter. Stored by name; names are stable.</summary>
public enum DeadLetterActionKind
{
    /// <summary>Given to its handler again.</summary>
    ReplayedToHandler,

    /// <summary>Sent again to where it came from, or was to go.</summary>
    ReplayedToRoute,

    /// <summary>Given to its handler with another body or other headers.</summary>
    EditedAndReplayed,

    /// <summary>Deleted.</summary>
    Discarded,
}
