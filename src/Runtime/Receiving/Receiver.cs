using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Carries deliveries to their commit: groups first; a group that fails, one by one; a message that fails, into deferral or the dead letters. While
/// the store is away nothing is given up and nothing is counted: it waits.
/// </summary>
internal sealed class Receiver(
    GroupRunner runner, FailedMessages failed, IMessageStore store, DeferralSignal deferral, ReceiveTelemetry telemetry, ReliabilityOptions options, TimeProvider time,
    ILogger<Receiver> log)
{
    /// <summary>Where those who bring deliveries report that, and how settling them went.</summary>
    public ReceiveTelemetry Telemetry => telemetry;

    public TimeProvider Time => time;

    /// <summary>
    /// Returns once every message's outcome is committed. Then, and only then, they may be settled. Where it throws, those that are
    /// <see cref="ReceivedMessage.IsDone"/> may be settled all the same.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="SourceStopException">A handler met what every message would meet.</exception>
    public async Task ReceiveAsync(IReadOnlyList<ReceivedMessage> group, GroupLimit? limit, CancellationToken cancellationToken)
    {
        if (group.Any(MustWaitFirst) && !group.All(MustWaitFirst))
        {
            // What may have ended a process waits for its turn before anything else runs: a second copy of it, also in this group, could end this one too.
            await ReceiveAsync([.. group.Where(MustWaitFirst)], limit: null, cancellationToken).ConfigureAwait(false);
            await ReceiveAsync([.. group.Where(static message => !MustWaitFirst(message))], limit, cancellationToken).ConfigureAwait(false);
            return;
        }

        for (var failures = 0; ;)
        {
            try
            {
                await ReceiveOnceAsync(group, limit, cancellationToken).ConfigureAwait(false);
                if (failures > 0)
                {
                    log.StoreBack(store.Description);
                }

                return;
            }
            catch (StoreAwayException away)
            {
                var pause = Backoff.Pause(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), ++failures);
                log.StoreAway(store.Description, pause, away.Cause);
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
            catch (UndoneException undone)
            {
                var message = group[0];
                var pause = Backoff.Pause(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(500), ++message.Undone);
                log.RunUndone(message.Handler!.Name, message.Delivery.Envelope.MessageId, message.Delivery.Source, pause, undone.Cause);
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Not a record that is known by its position: it has no second copy, and what lies before it in its log must be taken before it.</summary>
    private static bool MustWaitFirst(ReceivedMessage message) => message.Delivery.Redelivered && message.PositionEntry is null;

    private async Task ReceiveOnceAsync(IReadOnlyList<ReceivedMessage> group, GroupLimit? limit, CancellationToken cancellationToken)
    {
        try
        {
            if (group.Count == 1 && FailedMessages.HasNoAttemptLeft(group[0]))
            {
                await failed.KeepKillerAsync(group[0], cancellationToken).ConfigureAwait(false);
            }
            else if (await runner.RunAsync(group, limit, cancellationToken).ConfigureAwait(false))
            {
                deferral.Due.Wake();
            }

            return;
        }
        catch (HandlerFailedException error) when (FailureRules.ActionOn(error.Failed.Handler!, error.Cause, options.Failures) == FailureAction.Stop)
        {
            throw new SourceStopException(error.Failed, error.Cause);
        }
        catch (Exception error) when (group.Count > 1 && (error is HandlerFailedException or BatchFailedException || !store.IsUnavailable(error)) && !IsCancellation(error, cancellationToken))
        {
            log.GroupFailed(group.Count, group[0].Delivery.Source, error);
        }
        catch (Exception error) when (group.Count == 1 && IsUndone(group[0], error))
        {
            throw new UndoneException(error);
        }
        catch (HandlerFailedException error)
        {
            await KeepAsync(group[0], error.Cause, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (Exception error) when (group[0] is { Handler: not null, Rejection: null } && !store.IsUnavailable(error) && !IsCancellation(error, cancellationToken))
        {
            // Not the store's absence, so this message's doing, such as a deferred constraint that fails at the commit.
            await KeepAsync(group[0], error, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (Exception error) when (!IsCancellation(error, cancellationToken))
        {
            throw new StoreAwayException(error);
        }

        for (var index = 0; index < group.Count; index++)
        {
            // Each by itself, waiting for the store by itself too: what is committed does not run again.
            await ReceiveAsync([group[index]], limit: null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A deadlock's victim, or a handler whose connection the server closed: run it again, uncounted. Not for ever, since what the handler does may be what
    /// kills its connection.
    /// </summary>
    private static bool IsUndone(ReceivedMessage message, Exception error) =>
        message.Handler is not null
        && message.Undone < FailureRules.MostUndone
        && error is not OperationCanceledException
        && (FailureRules.IsVictim(error) || error is HandlerFailedException { ConnectionLost: true, Cause: not HandlerTimeoutException });

    private async Task KeepAsync(ReceivedMessage message, Exception error, CancellationToken cancellationToken)
    {
        try
        {
            // A driver's error inside the handler may be the handler's own fault, or the store's absence. If this write succeeds, the store is there.
            await failed.KeepAsync(message, error, cancellationToken).ConfigureAwait(false);
            deferral.Due.Wake();
        }
        catch (Exception trouble) when (!IsCancellation(trouble, cancellationToken))
        {
            throw new StoreAwayException(trouble);
        }
    }

    private static bool IsCancellation(Exception error, CancellationToken cancellationToken) =>
        error is OperationCanceledException && cancellationToken.IsCancellationRequested;

#pragma warning disable CA1032, CA1064 // Never leave this class.
    private sealed class StoreAwayException(Exception cause) : Exception(cause.Message, cause)
    {
        public Exception Cause { get; } = cause;
    }

    private sealed class UndoneException(Exception cause) : Exception(cause.Message, cause)
    {
        public Exception Cause { get; } = cause;
    }
}
