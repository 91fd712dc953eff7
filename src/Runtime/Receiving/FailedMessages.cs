using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Decides what becomes of a message whose handler failed: it waits for its next attempt, or is a dead letter.</summary>
internal sealed class FailedMessages(IMessageStore store, DeferralDesk desk, DeadLetterOffice office, ReceiveTelemetry telemetry, ReliabilityOptions options, ILogger<FailedMessages> log)
{
    /// <summary>Writes the decision in a transaction of its own.</summary>
    public async Task KeepAsync(ReceivedMessage message, Exception error, CancellationToken cancellationToken)
    {
        var handler = message.Handler!;
        var work = await store.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = work.ConfigureAwait(false);
        (message.Outcome, message.DeadFor) = (MessageOutcome.None, null);
        await TakenPositions.TakeAsync(work, [message], log, cancellationToken).ConfigureAwait(false);
        if (message.Outcome == MessageOutcome.Duplicate)
        {
            // Another process was given the partition meanwhile, and has taken the record: what became of it is kept there.
        }
        else if (error is MessageRejectedException rejection)
        {
            await BuryAsync(work, message, rejection.Reason, rejection.Message, cancellationToken).ConfigureAwait(false);
        }
        else if (FailureRules.ActionOn(handler, error, options.Failures) == FailureAction.DeadLetter)
        {
            await BuryAsync(work, message, DeadLetterReason.Rejected, ErrorText.Of(error), cancellationToken).ConfigureAwait(false);
        }
        else if (message.Attempt >= handler.Attempts)
        {
            await BuryAsync(work, message, DeadLetterReason.AttemptsExhausted, ErrorText.Of(error), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await DeferAsync(work, message, error, cancellationToken).ConfigureAwait(false);
        }

        await CommitAsync(work, message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>True where a deferred message has no attempt left before it even runs: its last one ended the process.</summary>
    public static bool HasNoAttemptLeft(ReceivedMessage message) =>
        message is { Rejection: null, Delivery: DeferredDelivery deferred } && deferred.Message.Attempts > message.Handler!.Attempts;

    /// <summary>Keeps, as a dead letter, a message whose last attempt ended the process.</summary>
    public async Task KeepKillerAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        var last = ((DeferredDelivery)message.Delivery).Message.LastError;
        var work = await store.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = work.ConfigureAwait(false);
        await BuryAsync(work, message, DeadLetterReason.AttemptsExhausted,
            $"The process ended, or stopped hard, during the last of {message.Handler!.Attempts} attempts.{(last is null ? "" : $" The error before: {last}")}",
            cancellationToken).ConfigureAwait(false);
        await CommitAsync(work, message, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask BuryAsync(IUnitOfWork work, ReceivedMessage message, DeadLetterReason reason, string error, CancellationToken cancellationToken)
    {
        if (message.PositionEntry is null)
        {
            // Recorded as dealt with, so that a redelivery after a crash right here does not start its attempts anew.
            await work.AddToInboxAsync([message.InboxEntry], cancellationToken).ConfigureAwait(false);
        }

        await office.BuryAsync(work, message, reason, error, cancellationToken).ConfigureAwait(false);
        await GroupRunner.TakeFromStoreAsync(work, [message], cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask CommitAsync(IUnitOfWork work, ReceivedMessage message, CancellationToken cancellationToken)
    {
        await Receipts.WriteAsync(work, [message], options.Audit, cancellationToken).ConfigureAwait(false);
        await work.CommitAsync(cancellationToken).ConfigureAwait(false);
        message.IsDone = true;
        telemetry.Done([message]);
    }

    private async ValueTask DeferAsync(IUnitOfWork work, ReceivedMessage message, Exception error, CancellationToken cancellationToken)
    {
        var pause = Backoff.BeforeRetry(options.Retry, message.Attempt);
        log.HandlerFailed(message.Handler!.Name, message.Delivery.Envelope.MessageId, message.Delivery.Source, message.Attempt, message.Handler.Attempts, pause, error);
        if (message.Delivery is DeferredDelivery deferred)
        {
            message.Outcome = MessageOutcome.Deferred;
            await work.RescheduleDeferredAsync(deferred.Message.Id, pause, ErrorText.Of(error), cancellationToken).ConfigureAwait(false);
            return;
        }

        await desk.DeferAsync(work, message, message.Attempt, ErrorText.Of(error), pause, cancellationToken).ConfigureAwait(false);
        await GroupRunner.TakeFromStoreAsync(work, [message], cancellationToken).ConfigureAwait(false);
    }
}
