namespace Reliability;

/// <summary>What became of messages. Kept where <see cref="ReliabilityOptions.Audit"/> is on; bodies are never kept here.</summary>
public interface IAuditTable
{
    /// <summary>What is known of a message, by its id; null where nothing is.</summary>
    ValueTask<MessageStatus?> FindAsync(string messageId, CancellationToken cancellationToken);

    /// <summary>Forgets up to <paramref name="limit"/> sent messages, and as many receipts, older than <paramref name="age"/>.</summary>
    /// <returns>How many were forgotten, of the two the larger; <paramref name="limit"/> means that there may be more. 0 also where another process is at it.</returns>
    ValueTask<int> ForgetAsync(TimeSpan age, int limit, CancellationToken cancellationToken);
}

/// <summary>Where a message is.</summary>
public enum MessageState
{
    /// <summary>In the outbox: not confirmed by its broker yet.</summary>
    Pending,

    /// <summary>Confirmed by its broker; no handler has reported yet.</summary>
    Sent,

    /// <summary>Could not be sent: a dead letter.</summary>
    Failed,

    /// <summary>Handled.</summary>
    Consumed,

    /// <summary>Could not be handled: a dead letter at its handler.</summary>
    ConsumptionFailed,
}

/// <summary>What is known of a message.</summary>
/// <param name="MessageId">Its id.</param>
/// <param name="State">Where it is: the worst that any handler reported, else where sending stands.</param>
/// <param name="At">Since when.</param>
/// <param name="Transport">By which it leaves or left; null where only receipts are known.</param>
/// <param name="Route">Where to.</param>
/// <param name="Attempts">How often sending was tried and failed.</param>
/// <param name="Receipts">What its handlers reported.</param>
public sealed record MessageStatus(
    string MessageId, MessageState State, DateTimeOffset At, string? Transport, string? Route, int Attempts, IReadOnlyList<Receipt> Receipts);

/// <summary>What became of a message at a handler.</summary>
/// <param name="MessageId">The message's id.</param>
/// <param name="Consumer">The handler's name.</param>
/// <param name="Consumed">True: handled. False: it could not be.</param>
/// <param name="Reason">Why it could not be handled; null where it was.</param>
public sealed record Receipt(string MessageId, string Consumer, bool Consumed, string? Reason)
{
    /// <summary>When; set by the store.</summary>
    public DateTimeOffset At { get; init; }
}
