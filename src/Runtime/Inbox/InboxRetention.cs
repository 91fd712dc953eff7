using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Forgets messages handled longer ago than their handler's retention, and what became of messages longer ago than the audit's, a little at a time. The store
/// lets one process at a time do it.
/// </summary>
internal sealed class InboxRetention(IMessageStore store, HandlerCatalog catalog, ReliabilityOptions options, TimeProvider time, ILogger<InboxRetention> log)
{
    private const int Batch = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                await ForgetAsync(stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task ForgetAsync(CancellationToken stop)
    {
        try
        {
            while (options.Audit.Enabled && await store.Audit.ForgetAsync(options.Audit.Retention, Batch, stop).ConfigureAwait(false) == Batch)
            {
                await Task.Yield();
            }

            foreach (var consumer in catalog.Consumers)
            {
                var age = catalog.FindConsumer(consumer).Retention ?? options.InboxRetention;
                while (await store.Inbox.ForgetAsync(consumer, age, Batch, stop).ConfigureAwait(false) == Batch)
                {
                    await Task.Yield();
                }
            }
        }
#pragma warning disable CA1031 // Forgetting can wait; it is tried again at the next tick.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.RetentionFailed(error);
        }
    }
}
