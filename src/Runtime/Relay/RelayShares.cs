using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// The parts of the order keys that this relay has leased of a store that several processes share. It takes its fair share, prolongs it, and gives back what is
/// above it once nothing of it is in hand. What it could not prolong in time it holds no longer, whatever the store says later.
/// </summary>
internal sealed class RelayShares(ILeaseTable leases, string duty, Lease lease, TimeProvider time, ILogger log) : IOrderParts
{
    /// <summary>While parts are missing, another's may become free any moment.</summary>
    private static readonly TimeSpan WhileMissing = TimeSpan.FromSeconds(2);

    private readonly object _lock = new();
    private readonly bool[] _held = new bool[OutboxRow.Parts];
    private readonly bool[] _leaving = new bool[OutboxRow.Parts];
    private readonly int[] _inHand = new int[OutboxRow.Parts];
    private readonly Signal _signal = new();
    private IReadOnlyList<int> _claimable = [];
    private long _until = time.GetTimestamp();

    /// <summary>Called when parts were gained: rows of theirs may wait.</summary>
    public Action Gained { get; set; } = () => { };

    public bool FromMemory => false;

    public IReadOnlyList<int> Claimable
    {
        get
        {
            lock (_lock)
            {
                return time.GetTimestamp() < _until ? _claimable : [];
            }
        }
    }

    public bool Holds(int part)
    {
        lock (_lock)
        {
            return _held[part] && time.GetTimestamp() < _until;
        }
    }

    public void Count(int part, int rows)
    {
        bool empty;
        lock (_lock)
        {
            _inHand[part] += rows;
            empty = _leaving[part] && _inHand[part] == 0;
        }

        if (empty)
        {
            _signal.Wake();
        }
    }

    /// <summary>Takes and prolongs parts until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        var next = TimeSpan.Zero;
        var asked = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                if (time.GetElapsedTime(asked) >= next)
                {
                    asked = time.GetTimestamp();
                    next = await ShareAsync(asked, cancellationToken).ConfigureAwait(false);
                }

                await ReturnSurplusAsync(cancellationToken).ConfigureAwait(false);
                failures = 0;
                pause = next - time.GetElapsedTime(asked);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever the store throws: what is held ends by time here and there, and others take it over.
            catch (Exception error)
#pragma warning restore CA1031
            {
                next = TimeSpan.Zero;
                pause = Backoff.Pause(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), ++failures);
                log.SharesNotTaken(duty, pause, error);
            }

            await _signal.WaitAsync(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives everything back, so that others need not wait for the leases to end.</summary>
    public async ValueTask LeaveAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Array.Clear(_held);
            _claimable = [];
        }

        await leases.LeaveAsync(duty, lease.Owner, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<TimeSpan> ShareAsync(long asked, CancellationToken cancellationToken)
    {
        var share = await leases.ShareAsync(duty, OutboxRow.Parts, lease, cancellationToken).ConfigureAwait(false);
        bool gained;
        lock (_lock)
        {
            gained = Take(share);
            // Counted from before the question: the store's lease began after it.
            _until = asked + (long)(lease.Duration.TotalSeconds * time.TimestampFrequency);
        }

        if (gained)
        {
            Gained();
        }

        var renewal = lease.Duration / 3;
        return share.Parts.Count < share.Fair && WhileMissing < renewal ? WhileMissing : renewal;
    }

    private bool Take(DutyShare share)
    {
        var gained = false;
        Span<bool> now = stackalloc bool[OutboxRow.Parts];
        foreach (var part in share.Parts)
        {
            now[part] = true;
            gained |= !_held[part];
        }

        now.CopyTo(_held);
        Array.Clear(_leaving);
        // Those leave first of which nothing is in hand: they can leave at once.
        var surplus = share.Parts.Count - share.Fair;
        foreach (var part in share.Parts.OrderBy(part => _inHand[part]).ThenByDescending(part => part).Take(Math.Max(0, surplus)))
        {
            _leaving[part] = true;
        }

        _claimable = [.. share.Parts.Where(part => !_leaving[part])];
        return gained;
    }

    private async ValueTask ReturnSurplusAsync(CancellationToken cancellationToken)
    {
        var done = new List<int>();
        lock (_lock)
        {
            for (var part = 0; part < OutboxRow.Parts; part++)
            {
                if (_held[part] && _leaving[part] && _inHand[part] == 0)
                {
                    done.Add(part);
                    // Before the store knows: from here on nothing of it is begun.
                    _held[part] = _leaving[part] = false;
                }
            }
        }

        if (done.Count > 0)
        {
            await leases.ReturnAsync(duty, done, lease.Owner, cancellationToken).ConfigureAwait(false);
        }
    }
}
