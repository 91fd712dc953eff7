namespace Reliability;

/// <summary>
/// Where measures and traces of sending are taken. The lane calls it on its own loop, so it must be quick and must not throw. The default does nothing.
/// </summary>
internal class RelayObserver
{
    /// <summary>Observes nothing.</summary>
    public static RelayObserver None { get; } = new();

    /// <summary>A row is about to be given to the transport.</summary>
    /// <param name="row">The row.</param>
    /// <param name="message">What will be sent.</param>
    /// <param name="scope">Kept for <see cref="Ended"/>, such as an activity.</param>
    /// <returns>What to send: the message, or the message with another trace context.</returns>
    public virtual OutgoingMessage Beginning(OutboxRow row, OutgoingMessage message, out object? scope)
    {
        scope = null;
        return message;
    }

    /// <summary>The transport said how it ended.</summary>
    /// <param name="row">The row.</param>
    /// <param name="scope">What <see cref="Beginning"/> gave.</param>
    /// <param name="outcome">How.</param>
    /// <param name="took">From the call to the answer.</param>
    public virtual void Ended(OutboxRow row, object? scope, PublishOutcome outcome, TimeSpan took)
    {
    }

    /// <summary>Outcomes of one transport are written in the store.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="removed">Confirmed, and gone from the outbox.</param>
    /// <param name="rescheduled">To be tried again.</param>
    /// <param name="deadLettered">Moved to the dead letters.</param>
    public virtual void Written(string transport, int removed, int rescheduled, int deadLettered)
    {
    }

    /// <summary>A lane has begun a round: what it has in hand, and how much of that waits for a confirm.</summary>
    public virtual void InHand(string transport, int rows, int underWay)
    {
    }
}
