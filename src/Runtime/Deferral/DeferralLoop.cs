using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Runs deferred messages when they are due, each alone. The claim has counted the attempt and committed before the handler runs, so a message that
/// ends the process is counted all the same.
/// </summary>
internal sealed class DeferralLoop(
    IMessageStore store, HandlerCatalog catalog, MessageReader reader, Receiver receiver, DeferralSignal signal, ReliabilityOptions options, TimeProvider time, ILogger<DeferralLoop> log)
{
    private readonly string _owner = $"deferral-{Guid.NewGuid():N}";

    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        for (var failures = 0; !stop.IsCancellationRequested;)
        {
            var pause = options.Relay.PollInterval / 4;
            try
            {
                while (!stop.IsCancellationRequested && await RunDueAsync(abort).ConfigureAwait(false))
                {
                    failures = 0;
                }
            }
            catch (OperationCanceledException) when (abort.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The messages are safe in the store; say so and try again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                pause = Backoff.Pause(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), ++failures);
                log.DeferralSearchFailed(pause, error);
            }

            await signal.Due.WaitAsync(pause, time, stop).ConfigureAwait(false);
        }
    }

    private async Task<bool> RunDueAsync(CancellationToken abort)
    {
        var claim = await store.Deferral.ClaimAsync(catalog.Consumers, new Lease(_owner, options.Relay.Lease), abort).ConfigureAwait(false);
        if (claim.Message is not { } message)
        {
            return false;
        }

        await receiver.ReceiveAsync([reader.Read(message.Transport, new DeferredDelivery(message))], abort).ConfigureAwait(false);
        return true;
    }
}
