namespace Reliability;

/// <summary>Dead letters, outside of units of work.</summary>
public interface IDeadLetterTable
{
    /// <summary>How many messages the filter matches.</summary>
    ValueTask<long> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>Up to <paramref name="limit"/> of those that the filter matches, with a number above <paramref name="afterId"/>, by number.</summary>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, long afterId, int limit, CancellationToken cancellationToken);

    /// <summary>What people did with dead letters: up to <paramref name="limit"/> actions with a number above <paramref name="afterId"/>, by number.</summary>
    ValueTask<IReadOnlyList<DeadLetterAction>> ListActionsAsync(long afterId, int limit, CancellationToken cancellationToken);
}

/// <summary>Chooses dead letters. What is left out, every letter matches.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>Every letter.</summary>
    public static DeadLetterFilter All { get; } = new();

    /// <summary>These numbers.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>True: those that could not be sent. False: those that could not be handled.</summary>
    public bool? IsOutgoing { get; init; }

    /// <summary>Of this handler.</summary>
    public string? Handler { get; init; }

    /// <summary>From this queue or topic, or to this route.</summary>
    public string? Source { get; init; }

    /// <summary>For this reason.</summary>
    public DeadLetterReason? Reason { get; init; }

    /// <summary>With this message id.</summary>
    public string? MessageId { get; init; }

    /// <summary>With this message name.</summary>
    public string? MessageName { get; init; }

    /// <summary>Dead since then, or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Dead before then.</summary>
    public DateTimeOffset? Until { get; init; }
}
