using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// The turn at an ordered local queue: one process at a time takes rows from it. It is a lease of the store, twice as long as that of the rows. Whoever
/// could not prolong it for two thirds of a row's lease takes and prolongs no more rows, so that all it held are free before another's turn begins.
/// </summary>
internal sealed class QueueTurn(ILeaseTable leases, string queue, Lease rows, Action begun, TimeProvider time, ILogger log)
{
    private readonly string _duty = $"queue/{queue}";
    private readonly Lease _lease = rows with { Duration = rows.Duration * 2 };
    private readonly TimeSpan _trusted = rows.Duration * 2 / 3;
    private readonly object _gate = new();
    private long? _prolonged;

    /// <summary>True while this process may take rows.</summary>
    public bool IsHeld
    {
        get
        {
            lock (_gate)
            {
                return _prolonged is { } since && time.GetElapsedTime(since) < _trusted;
            }
        }
    }

    /// <summary>Takes the turn when it is free, and prolongs it, until cancelled.</summary>
    public async Task RunAsync(TimeSpan poll, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = poll;
            try
            {
                await AskAsync(cancellationToken).ConfigureAwait(false);
                pause = IsHeld ? rows.Duration / 6 : poll;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Without an answer the turn ends by itself; ask again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                log.TurnNotKnown(queue, error);
            }

            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Lets another process have the turn. Only when nothing of the queue is in hand any more.</summary>
    public async ValueTask LeaveAsync()
    {
        lock (_gate)
        {
            _prolonged = null;
        }

        await leases.LeaveAsync(_duty, _lease.Owner, CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask AskAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var share = await leases.ShareAsync(_duty, parts: 1, _lease, cancellationToken).ConfigureAwait(false);
        var (had, has) = (IsHeld, share.Parts.Count > 0);
        lock (_gate)
        {
            _prolonged = has ? asked : null;
        }

        if (has && !had)
        {
            log.TurnBegins(queue);
            begun();
        }
        else if (had && !has)
        {
            log.TurnLost(queue);
        }
    }
}
