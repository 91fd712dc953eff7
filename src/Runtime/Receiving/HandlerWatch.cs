using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Watches the handlers that run. Each has its time; then its token is cancelled. One that ignores its token is reported, at growing pauses, and waited for:
/// its transaction is its alone, so nothing else could be done with it. Meanwhile the lease of a deferred message is prolonged.
/// </summary>
internal sealed class HandlerWatch(IMessageStore store, ReliabilityOptions options, TimeProvider time, ILogger<HandlerWatch> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<HandlerClock, bool> _running = new();

    /// <summary>A clock for the handlers of one group, which run one after the other.</summary>
    public HandlerClock Begin(CancellationToken abort)
    {
        var clock = new HandlerClock(options.HandlerTimeout, time, ended => _running.TryRemove(ended, out _), abort);
        _running[clock] = true;
        return clock;
    }

    /// <summary>Handlers that run on though their time is over.</summary>
    public IReadOnlyList<(ReceivedMessage Message, TimeSpan Took)> Overdue() => [.. _running.Keys.Select(clock => clock.Overdue()).OfType<(ReceivedMessage, TimeSpan)>()];

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await TickAsync(timer, stop).ConfigureAwait(false))
        {
            foreach (var (clock, _) in _running)
            {
                if (clock.Late() is { } late)
                {
                    log.HandlerIgnoresToken(late.Message.Handler!.Name, late.Message.Delivery.Envelope.MessageId, late.Message.Delivery.Source, late.Took, late.Allowed);
                }

                await RenewAsync(clock, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A store that only this process uses takes no message from it.</summary>
    private async ValueTask RenewAsync(HandlerClock clock, CancellationToken stop)
    {
        if (store.IsExclusive || clock.LeaseToRenew(options.Relay.Lease / 3) is not { } deferred)
        {
            return;
        }

        try
        {
            await store.Deferral.RenewAsync(deferred.Message.Id, deferred.Lease, stop).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It is tried again; should the lease end meanwhile, the inbox lets only one of two runs commit.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            log.LeaseNotRenewed(deferred.Envelope.MessageId, deferred.Source, error);
        }
    }

    private static async ValueTask<bool> TickAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
