using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Keeps messages that could not be handled, with the reason.</summary>
internal sealed class DeadLetterOffice(TimeProvider time, ILogger<DeadLetterOffice> log)
{
    /// <summary>Adds a message whose operation was received before with another content.</summary>
    public ValueTask BuryConflictAsync(IUnitOfWork work, ReceivedMessage message, CancellationToken cancellationToken) =>
        BuryAsync(work, message, DeadLetterReason.Conflict,
            $"A message with the dedupe key '{message.Content.DedupeKey}' but another content came before. One of the two is wrong: the key must identify the operation.",
            cancellationToken);

    /// <summary>
    /// Adds a dead letter to a transaction. The operation is not recorded as handled here: where it ran out of attempts, the caller does so, that a
    /// redelivery does not start it anew.
    /// </summary>
    public async ValueTask BuryAsync(IUnitOfWork work, ReceivedMessage message, DeadLetterReason reason, string error, CancellationToken cancellationToken)
    {
        var deferred = (message.Delivery as DeferredDelivery)?.Message;
        var attempts = message.Rejection is null && reason is not (DeadLetterReason.Conflict or DeadLetterReason.Expired) ? message.Attempt : 0;
        var now = time.GetUtcNow();
        var kept = ErrorText.Trim(error);
        (message.Outcome, message.DeadFor) = (MessageOutcome.DeadLettered, reason);
        await work.AddDeadLetterAsync(new DeadLetter
        {
            Handler = message.Handler?.Name,
            Transport = message.Transport,
            Source = message.Delivery.Source,
            Envelope = message.Delivery.Envelope,
            DedupeKey = message.Rejection is null ? message.Content.DedupeKey : null,
            Reason = reason,
            Error = kept,
            Attempts = attempts,
            FirstAt = deferred?.FirstAt ?? now,
            At = now,
        }, cancellationToken).ConfigureAwait(false);
        log.DeadLettered(message.Delivery.Envelope.MessageId, message.Transport, message.Delivery.Source, message.Handler?.Name ?? "no handler", attempts, reason, kept);
    }
}
