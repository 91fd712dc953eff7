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
/// <param name="poll">How often the store is searched while rows are found.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class OutboxIntake(
    IOutboxTable table, string transport, string? route, int capacity, Lease lease, TimeSpan poll, TimeProvider time, ILogger log)
{
    private readonly object _lock = new();
    private readonly Channel<OutboxRow> _rows = Channel.CreateUnbounded<OutboxRow>(new() { SingleReader = true });
    private readonly Signal _signal = new();
    private readonly IntakeSchedule _schedule = new(poll, time);
    private readonly List<long> _givenBack = [];
    private RowsInHand? _inHand;
    private KeysHeldBack? _heldBack;
    private int _spilling;
    private bool _behind = true;
    private bool _closed;
    private long _renewed = time.GetTimestamp();

    /// <summary>Where rows that are due come out. Completes after <see cref="Close"/>.</summary>
    public ChannelReader<OutboxRow> Rows => _rows.Reader;

    public string Transport => transport;

    public string? Route => route;

    public Lease Lease => lease;

    /// <summary>The longest pause between searches that find nothing.</summary>
    public TimeSpan IdlePoll { get; init; } = poll;

    /// <summary>The most bytes of bodies in hand, though at least one row.</summary>
    public long CapacityBytes { get; init; } = long.MaxValue;

    /// <summary>No row's body should be larger: with less room than this, a claim may have left rows behind.</summary>
    public int LargestBody { get; init; }

    /// <summary>True while rows may be taken and held: always, but where another process may have the turn.</summary>
    public Func<bool> HasTurn { get; init; } = static () => true;

    /// <summary>Whose rows may be held, by order key; null: no heed of order keys.</summary>
    public IOrderParts? Parts { get; init; }

    /// <summary>Called when rows came, or none will come any more.</summary>
    public Action Arrived { get; set; } = () => { };

    private RowsInHand InHand => _inHand ??= new RowsInHand(capacity, CapacityBytes, Parts);

    private KeysHeldBack HeldBack => _heldBack ??= new KeysHeldBack(Parts is { FromMemory: true });

    /// <summary>
    /// False: such a row is always written free and claimed, since another relay may have its key. Then <see cref="Wake"/> after the commit.
    /// </summary>
    public bool TakesFromMemory(OutboxRow row) => row.OrderKey is null || Parts is null or { FromMemory: true };

    /// <summary>
    /// Room for rows about to be written; false: write them free to be claimed. While older rows wait in the store there is no room, so that fresh
    /// ones do not overtake them. Every call is followed by <see cref="Hand"/>, <see cref="Cancel"/> or, after false, <see cref="Spilled"/>.
    /// </summary>
    public bool TryReserve(IReadOnlyList<OutboxRow> rows)
    {
        lock (_lock)
        {
            if (!_closed && !_behind && HasTurn() && InHand.TryReserve(rows))
            {
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
        bool gaveBack;
        lock (_lock)
        {
            InHand.Cancel(rows);
            gaveBack = TakeHanded(rows);
            _schedule.Active();
        }

        Arrived();
        if (gaveBack)
        {
            Wake();
        }
    }

    /// <summary>Gives a reservation back: nothing was committed, or it is not known.</summary>
    public void Cancel(IReadOnlyList<OutboxRow> rows)
    {
        lock (_lock)
        {
            InHand.Cancel(rows);
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

    /// <summary>
    /// A row was written into a transaction whose commit nobody will tell of. Where fresh rows of a key come from memory they must not overtake it: they are
    /// claimed behind it until a search has found nothing more.
    /// </summary>
    public void WrittenUnseen()
    {
        lock (_lock)
        {
            _schedule.Active();
            _behind |= Parts is { FromMemory: true };
        }

        // Not to look now, when it is hardly committed: to take up the shorter pauses.
        _signal.Wake();
    }

    /// <summary>A row of this process becomes due then.</summary>
    public void ExpectAt(DateTimeOffset at)
    {
        lock (_lock)
        {
            _schedule.Expect(at - time.GetUtcNow());
        }

        _signal.Wake();
    }

    /// <summary>Rows have left the holder's hands.</summary>
    public void Release(IReadOnlyList<long> ids)
    {
        bool wake;
        lock (_lock)
        {
            var wasFull = InHand.IsHalfFull;
            InHand.Remove(ids);
            wake = _behind && ((wasFull && !InHand.IsHalfFull) || InHand.IsEmpty);
        }

        if (wake)
        {
            Wake();
        }
    }

    /// <summary>Gives rows back that were not tried, to be claimed again: soon, and by whoever may.</summary>
    public void GiveBack(IReadOnlyList<OutboxRow> rows)
    {
        lock (_lock)
        {
            foreach (var row in rows)
            {
                InHand.Remove(row.Id);
                // A lease that may have ended may be another's by now: then the store's clock decides.
                if (time.GetElapsedTime(_renewed) < lease.Duration)
                {
                    _givenBack.Add(row.Id);
                }
            }

            _behind = true;
        }

        _signal.Wake();
    }

    /// <summary>A row of the key was not confirmed: later ones wait, from now on, and until it is written down and they are claimed in their turn.</summary>
    /// <param name="key">The order key.</param>
    /// <param name="followers">Whether later rows of it are given back.</param>
    public void HoldBack(string key, bool followers)
    {
        lock (_lock)
        {
            HeldBack.Add(key, followers);
        }
    }

    /// <summary>What became of the row is written.</summary>
    /// <param name="key">The order key.</param>
    /// <param name="gone">Whether the row has left the outbox.</param>
    public void WrittenDown(string key, bool gone)
    {
        lock (_lock)
        {
            HeldBack.WrittenDown(key, gone);
        }

        Wake();
    }

    /// <summary>A row was rescheduled: look for it then.</summary>
    public void ExpectIn(TimeSpan delay)
    {
        lock (_lock)
        {
            _schedule.Expect(delay);
        }

        _signal.Wake();
    }

    /// <summary>Looks into the store now.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            _schedule.LookNow();
        }

        _signal.Wake();
    }

    /// <summary>The rows in hand.</summary>
    public List<long> Held()
    {
        lock (_lock)
        {
            return InHand.Ids();
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

        Arrived();
    }

    private bool TakeHanded(IReadOnlyList<OutboxRow> rows)
    {
        var gaveBack = false;
        foreach (var row in rows)
        {
            // A fresh row of a key comes behind what waits in the store of that key, or may.
            if (_closed || (row.OrderKey is { } key && Parts is not null && (_behind || HeldBack.Contains(key))))
            {
                _givenBack.Add(row.Id);
                _behind = true;
                gaveBack = true;
            }
            else
            {
                Take(row);
            }
        }

        return gaveBack;
    }

    private void Take(OutboxRow row)
    {
        // A row may be claimed again while it is in hand, if its lease could not be renewed in time.
        if (InHand.TryAdd(row))
        {
            _rows.Writer.TryWrite(row);
        }
    }
}
