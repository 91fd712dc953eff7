using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Keeps messages that must wait. One whose operation waits already is a duplicate, or a conflict: it is never dropped unseen.</summary>
internal sealed class DeferralDesk(DeadLetterOffice office, ILogger<DeferralDesk> log)
{
    /// <summary>Defers a message that has not run yet: it is counted, or waits for its turn, before it does.</summary>
    public ValueTask DeferAsync(IUnitOfWork work, ReceivedMessage message, CancellationToken cancellationToken) =>
        DeferAsync(work, message, attempts: 0, error: null, TimeSpan.Zero, cancellationToken);

    /// <summary>Defers a message after a failed attempt.</summary>
    public async ValueTask DeferAsync(IUnitOfWork work, ReceivedMessage message, int attempts, string? error, TimeSpan pause, CancellationToken cancellationToken)
    {
        var verdict = await work.DeferAsync(new DeferredMessage
        {
            Consumer = message.Handler!.Name,
            Transport = message.Transport,
            Source = message.Delivery.Source,
            DedupeKey = message.Content.DedupeKey,
            OrderKey = message.Content.OrderKey,
            Envelope = message.Delivery.Envelope,
            Attempts = attempts,
            LastError = error,
        }, pause, cancellationToken).ConfigureAwait(false);
        message.Outcome = verdict == InboxVerdict.Duplicate ? MessageOutcome.Duplicate : MessageOutcome.Deferred;
        if (verdict == InboxVerdict.Conflict)
        {
            await office.BuryConflictAsync(work, message, cancellationToken).ConfigureAwait(false);
        }
        else if (verdict == InboxVerdict.Duplicate)
        {
            log.DuplicateDropped(message.Handler.Name, message.Delivery.Envelope.MessageId, message.Delivery.Source);
        }
    }
}
