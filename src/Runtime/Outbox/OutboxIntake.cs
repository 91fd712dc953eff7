using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// The rows that one holder, a relay lane or a local queue, has in hand. Rows of this process come straight from memory after their commit, already
/// leased to the holder; everything else is claimed from the store: what did not fit, what another process left, what waits for its time.
/// </summary>
/// <param name="table">The store's outbox.</param>
/// <param name="transport">Rows of this transport.</param>
/// <param name="route">Rows of this route, or null for all.</param>
/// <param name="capacity">The most rows in hand.</param>
/// <param name="lease">Under which they are held.</param>
/// <param name="poll">How often the store is searched.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed class OutboxIntake(
    IOutboxTable table, string transport, string? route, int capacity, Lease lease, TimeSpan poll, TimeProvider time, ILogger log)
{
    private readonly object _lock = new();
    private readonly Dictionary<long, int> _held = [];
    private readonly Channel<OutboxRow> _rows = Channel.CreateUnbounded<OutboxRow>(new() { SingleReader = true });
    private readonly Signal _signal = new();
    private long _heldBytes;
    private int _reserved;
    private int _spilling;
    private bool _behind = true;
    private bool _closed;

    /// <summary>Where rows that are due come out. Completes after <see cref="Close"/>.</summary>
    public ChannelReader<OutboxRow> Rows => _rows.Reader;

    public string Transport => transport;

    public string? Route => route;

    public Lease Lease => lease;

    /// <summary>The most bytes of bodies in hand, though at least one row.</summary>
    public long CapacityBytes { get; init; } = long.MaxValue;

    /// <summary>No row's body should be larger: with less room than this, a claim may have left rows behind.</summary>
    public int LargestBody { get; init; }

    /// <summary>True while rows may be taken and held: always, but where another process may have the turn.</summary>
    public Func<bool> HasTurn { get; init; } = static () => true;

    /// <summary>
    /// Room for rows about to be written; false: write them free to be claimed. While older rows wait in the store there is no room, so that fresh
    /// ones do not overtake them. Every call is followed by <see cref="Hand"/>, <see cref="Cancel"/> or, after false, <see cref="Spilled"/>.
    /// </summary>
    public bool TryReserve(int count)
    {
        lock (_lock)
        {
            if (!_closed && !_behind && _held.Count + _reserved + count <= capacity && _heldBytes < CapacityBytes && HasTurn())
            {
                _reserved += count;
                return true;
            }

            _spilling++;
            _behind = true;
            return false;
        }
    }

    /// <summary>Takes rows that were written and committed under a reservation.</summary>
    public void Hand(IReadOnlyList<OutboxRow> rows)
    {
        lock (_lock)
        {
            _reserved -= rows.Count;
            Take(rows);
        }
    }

    /// <summary>Gives a reservation back: nothing was committed, or it is not known.</summary>
    public void Cancel(int count)
    {
        lock (_lock)
        {
            _reserved -= count;
            _behind = true;
        }
    }

    /// <summary>Rows that found no room are committed, or not: look for them.</summary>
    public void Spilled()
    {
        lock (_lock)
        {
            _spilling--;
        }

        Wake();
    }

    /// <summary>Rows have left the holder's hands.</summary>
    public void Release(IReadOnlyList<long> ids)
    {
        bool wake;
        lock (_lock)
        {
            var wasFull = IsHalfFull();
            foreach (var id in ids)
            {
                if (_held.Remove(id, out var bytes))
                {
                    _heldBytes -= bytes;
                }
            }

            wake = _behind && ((wasFull && !IsHalfFull()) || _held.Count == 0);
        }

        if (wake)
        {
            Wake();
        }
    }

    /// <summary>Looks into the store now.</summary>
    public void Wake() => _signal.Wake();

    /// <summary>The rows in hand.</summary>
    public List<long> Held()
    {
        lock (_lock)
        {
            return [.. _held.Keys];
        }
    }

    /// <summary>Takes no more rows. What is in hand can still be read.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _rows.Writer.TryComplete();
        }
    }

    /// <summary>Claims rows, and prolongs leases, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        var renewed = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = poll;
            try
            {
                // Out of turn nothing is prolonged either: what is held must be free before another's turn begins.
                if (HasTurn() && time.GetElapsedTime(renewed) > lease.Duration / 3)
                {
                    await table.RenewAsync(Held(), lease, cancellationToken).ConfigureAwait(false);
                    renewed = time.GetTimestamp();
                }

                await ClaimAsync(cancellationToken).ConfigureAwait(false);
                failures = 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever the store throws, the rows are safe in it; say so and try again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                pause = Backoff.Pause(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), ++failures);
                log.OutboxSearchFailed(transport, pause, error);
            }

            await _signal.WaitAsync(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ClaimAsync(CancellationToken cancellationToken)
    {
        int room;
        long bytes;
        bool quiet;
        lock (_lock)
        {
            room = capacity - _held.Count - _reserved;
            bytes = CapacityBytes - _heldBytes;
            quiet = _spilling == 0;
        }

        if (room <= 0 || bytes <= 0 || !HasTurn())
        {
            return;
        }

        var rows = await table.ClaimAsync(new OutboxClaim(transport, route, room, lease) { MaxBytes = bytes }, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            Take(rows);
            // Caught up only if nothing was being written past us while we looked.
            _behind = rows.Count == room || _heldBytes > CapacityBytes - LargestBody || !quiet || _spilling > 0;
        }
    }

    private void Take(IReadOnlyList<OutboxRow> rows)
    {
        foreach (var row in rows)
        {
            // A row may be claimed again while it is in hand, if its lease could not be renewed in time.
            if (!_closed && _held.TryAdd(row.Id, row.Envelope.Body.Length))
            {
                _heldBytes += row.Envelope.Body.Length;
                _rows.Writer.TryWrite(row);
            }
        }
    }

    private bool IsHalfFull() => _held.Count > capacity / 2 || _heldBytes > CapacityBytes / 2;
}
