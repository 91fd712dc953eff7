using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Runs deferred messages when they are due, each alone, a few side by side. The claim has counted the attempt and committed before the handler runs, so
/// a message that ends the process is counted all the same. Of one order key only the oldest is due, so the order is kept.
/// </summary>
internal sealed class DeferralLoop(
    IMessageStore store, Subscriptions subscriptions, MessageReader reader, Receiver receiver, DeferralSignal signal, ReliabilityOptions options, TimeProvider time,
    ILogger<DeferralLoop> log)
{
    /// <summary>Should the store's clock and ours differ by less than its precision, this keeps the loop from spinning.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);

    private readonly Lease _lease = new($"deferral-{Guid.NewGuid():N}", options.Relay.Lease);
    private readonly int _most = Math.Clamp(options.Retry.Parallelism, 1, Math.Max(1, store.Parallelism));

    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var running = new List<Task>();
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            var pause = options.Relay.PollInterval;
            try
            {
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                while (running.Count < _most && !stop.IsCancellationRequested)
                {
                    var claim = await store.Deferral.ClaimAsync(subscriptions.RunningConsumers(), _lease, abort).ConfigureAwait(false);
                    failures = 0;
                    if (claim.Message is not { } message)
                    {
                        pause = claim.DueIn is { } due && due < pause ? due : pause;
                        break;
                    }

                    running.Add(Task.Run(() => RunAsync(message, abort), CancellationToken.None));
                }
            }
            catch (OperationCanceledException) when (abort.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The messages are safe in the store; say so and try again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                pause = Backoff.Pause(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), ++failures);
                log.DeferralSearchFailed(pause, error);
            }

            await signal.Due.WaitAsync(pause > ShortestPause ? pause : ShortestPause, time, stop).ConfigureAwait(false);
            if (running.Exists(task => task.IsFaulted))
            {
                break;
            }
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task RunAsync(DeferredMessage message, CancellationToken abort)
    {
        try
        {
            await receiver.ReceiveAsync([reader.Read(message.Transport, new DeferredDelivery(message, _lease))], limit: null, abort).ConfigureAwait(false);
        }
        catch (SourceStopException stopped)
        {
            subscriptions.Stop(stopped);
            await GiveBackAsync(message, abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // Its lease ends by itself; whether the handler would have ended the process is not known, so the attempt counts.
        }
        finally
        {
            signal.Due.Wake();
        }
    }

    private async Task GiveBackAsync(DeferredMessage message, CancellationToken abort)
    {
        try
        {
            await store.Deferral.ReturnAsync(message.Id, _lease.Owner, abort).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It stays in the store; its lease ends by itself.
        catch (Exception error) when (!abort.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.NotGivenBack(message.Envelope.MessageId, message.Source, error);
        }
    }
}
