namespace Reliability;

/// <summary>An outgoing message as the store keeps it until the broker confirms it.</summary>
public sealed class OutboxRow
{
    /// <summary>Its number; set by the store when it is added.</summary>
    public long Id { get; set; }

    /// <summary>By what it leaves: a constant of <see cref="TransportNames"/>.</summary>
    public required string Transport { get; init; }

    /// <summary>Where to, in the transport's terms.</summary>
    public required string Route { get; init; }

    /// <summary>The message.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>How often sending it (or, in place, starting to handle it) was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Within what its order is kept while it is sent; null: none.</summary>
    public string? OrderKey { get; init; }

    /// <summary>After then it is not sent any more; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Not before then; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it was written; set by the store when it is read.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>True where an earlier holder's lease ended without an outcome: it may have been sent, or its handling begun.</summary>
    public bool Abandoned { get; init; }

    /// <summary>Into how many parts order keys are divided among relays.</summary>
    public const int Parts = 64;

    /// <summary>The part of an order key, the same in every process: a number below <see cref="Parts"/>.</summary>
    public static int PartOf(string orderKey) => (int)(InboxKey.Of(orderKey).Low % Parts);
}
