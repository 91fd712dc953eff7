namespace Reliability;

/// <summary>
/// What was read of one source and waits for a lane. A message with an order key goes to its key's lane, always the same one, so that the messages of a key
/// never run beside each other, and one that is known by its position to its log's lane, since a position says that all before it is taken. Any other goes to
/// whichever lane comes first. Thread-safe.
/// </summary>
/// <param name="lanes">How many lanes there are.</param>
/// <param name="capacity">How many messages may wait; the transport keeps the rest.</param>
internal sealed class LaneQueues(int lanes, int capacity)
{
    private readonly object _gate = new();
    private readonly Queue<ReceivedMessage> _free = new();
    private readonly Queue<ReceivedMessage>[] _keyed = [.. Enumerable.Range(0, lanes).Select(_ => new Queue<ReceivedMessage>())];
    private readonly TaskCompletionSource?[] _idle = new TaskCompletionSource?[lanes];
    private TaskCompletionSource? _full;
    private long _arrivals;
    private int _count;
    private bool _waking;
    private bool _complete;

    public void Add(ReceivedMessage message)
    {
        TaskCompletionSource? wake;
        lock (_gate)
        {
            message.Arrival = _arrivals++;
            _count++;
            if (LaneOf(message) is { } lane)
            {
                _keyed[lane].Enqueue(message);
                wake = TakeIdle(lane);
            }
            else
            {
                _free.Enqueue(message);
                wake = WakeForFree();
            }
        }

        wake?.SetResult();
    }

    /// <summary>Waits until another message may be added.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_count < capacity)
                {
                    return;
                }

                room = (_full ??= NewWait()).Task;
            }

            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until something may be there for this lane.</summary>
    /// <returns>False where nothing is and nothing will be.</returns>
    public async ValueTask<bool> WaitAsync(int lane, CancellationToken cancellationToken)
    {
        Task woken;
        lock (_gate)
        {
            if (_keyed[lane].Count + _free.Count > 0)
            {
                return true;
            }

            if (_complete)
            {
                return false;
            }

            woken = (_idle[lane] ??= NewWait()).Task;
        }

        await woken.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Takes what waits for this lane, oldest first, no more than <paramref name="limit"/>.</summary>
    public void Take(int lane, int limit, List<ReceivedMessage> into)
    {
        TaskCompletionSource? next, room = null;
        lock (_gate)
        {
            var keyed = _keyed[lane];
            while (into.Count < limit && keyed.Count + _free.Count > 0)
            {
                var fromKeyed = keyed.Count > 0 && (_free.Count == 0 || keyed.Peek().Arrival < _free.Peek().Arrival);
                into.Add(fromKeyed ? keyed.Dequeue() : _free.Dequeue());
                _count--;
            }

            if (_count < capacity)
            {
                (room, _full) = (_full, null);
            }

            _waking = false;
            next = _free.Count > 0 ? WakeForFree() : null;
        }

        room?.SetResult();
        next?.SetResult();
    }

    /// <summary>Nothing more is added. Lanes end when nothing is left.</summary>
    public void Complete()
    {
        List<TaskCompletionSource> waiting;
        lock (_gate)
        {
            _complete = true;
            waiting = [.. _idle.OfType<TaskCompletionSource>()];
            Array.Clear(_idle);
        }

        waiting.ForEach(lane => lane.SetResult());
    }

    /// <summary>Takes everything out, to be given back.</summary>
    public List<ReceivedMessage> Empty()
    {
        lock (_gate)
        {
            List<ReceivedMessage> left = [.. _keyed.SelectMany(queue => queue).Concat(_free).OrderBy(message => message.Arrival)];
            _free.Clear();
            Array.ForEach(_keyed, queue => queue.Clear());
            _count = 0;
            return left;
        }
    }

    private int? LaneOf(ReceivedMessage message) => message switch
    {
        { PositionEntry: { } entry } => LaneOf(entry.Consumer, entry.Position.Part),
        { Rejection: null, Content.OrderKey: { } key } => LaneOf(message.Handler!.Name, key),
        _ => null,
    };

    private int LaneOf(string handler, string key) => (int)((uint)HashCode.Combine(handler, key) % (uint)lanes);

    /// <summary>One lane at a time: the woken one takes all it can, and wakes the next where something is left.</summary>
    private TaskCompletionSource? WakeForFree()
    {
        if (_waking)
        {
            return null;
        }

        var idle = Array.FindIndex(_idle, lane => lane is not null);
        if (idle < 0)
        {
            return null;
        }

        _waking = true;
        return TakeIdle(idle);
    }

    private TaskCompletionSource? TakeIdle(int lane)
    {
        var idle = _idle[lane];
        _idle[lane] = null;
        return idle;
    }

    private static TaskCompletionSource NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
