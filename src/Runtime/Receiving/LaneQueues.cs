namespace Reliability;

/// <summary>
/// What was read of one source and waits for a lane. A message with an order key goes to its key's lane, always the same one, so that the messages of a key
/// never run beside each other, and one that is known by its position to its log's lane, since a position says that all before it is taken. Any other goes to
/// whichever lane comes first. Thread-safe.
/// </summary>
/// <remarks>
/// Small groups are dear, since each has its round trips and its commit. So while a lane runs, the next one begins only once its group would take a while to
/// handle, or a message has waited as long. What comes in between is the running lane's next group.
/// </remarks>
internal sealed class LaneQueues : IDisposable
{
    /// <summary>How long a message without a key waits for a running lane while another is idle; and from how much work on another lane begins at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(25);

    private readonly int _lanes;
    private readonly int _capacity;
    private readonly object _gate = new();
    private readonly Queue<ReceivedMessage> _free = new();
    private readonly Queue<ReceivedMessage>[] _keyed;
    private readonly TaskCompletionSource?[] _idle;
    private readonly bool[] _running;
    private readonly ITimer _impatience;
    private TaskCompletionSource? _full;
    private long _arrivals;
    private int _count;
    private int _worth = 1;
    private bool _waking;
    private bool _impatient;
    private bool _complete;

    /// <param name="lanes">How many lanes there are.</param>
    /// <param name="capacity">How many messages may wait; the transport keeps the rest.</param>
    /// <param name="time">The clock.</param>
    public LaneQueues(int lanes, int capacity, TimeProvider time)
    {
        (_lanes, _capacity) = (lanes, capacity);
        _keyed = [.. Enumerable.Range(0, lanes).Select(_ => new Queue<ReceivedMessage>())];
        _idle = new TaskCompletionSource?[lanes];
        _running = new bool[lanes];
        _impatience = time.CreateTimer(static queues => ((LaneQueues)queues!).LosePatience(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

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
                if (_count < _capacity)
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
            _running[lane] = false;
            if (_keyed[lane].Count > 0 || (_free.Count > 0 && (_complete || IsWorthALane())))
            {
                _running[lane] = true;
                return true;
            }

            if (_complete)
            {
                return false;
            }

            if (_free.Count > 0)
            {
                BeImpatient();
            }

            woken = (_idle[lane] ??= NewWait()).Task;
        }

        await woken.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Takes what waits for this lane, oldest first.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="limit">No more than so many.</param>
    /// <param name="worth">For how many messages another lane begins while this one runs.</param>
    /// <param name="into">Where to.</param>
    public void Take(int lane, int limit, int worth, List<ReceivedMessage> into)
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

            if (_count < _capacity)
            {
                (room, _full) = (_full, null);
            }

            _worth = worth;
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

    public void Dispose() => _impatience.Dispose();

    private int? LaneOf(ReceivedMessage message) => message switch
    {
        { PositionEntry: { } entry } => LaneOf(entry.Consumer, entry.Position.Part),
        { Rejection: null, Content.OrderKey: { } key } => LaneOf(message.Handler!.Name, key),
        _ => null,
    };

    private int LaneOf(string handler, string key) => (int)((uint)HashCode.Combine(handler, key) % (uint)_lanes);

    /// <summary>One lane at a time: the woken one takes all it can, and wakes the next where enough is left.</summary>
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

        if (!IsWorthALane())
        {
            BeImpatient();
            return null;
        }

        _waking = true;
        return TakeIdle(idle);
    }

    private bool IsWorthALane() => _free.Count >= _worth || !_running.Contains(true);

    /// <summary>Something waits though a lane is idle: not for long.</summary>
    private void BeImpatient()
    {
        if (!_impatient)
        {
            _impatient = true;
            _impatience.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

    private void LosePatience()
    {
        TaskCompletionSource? wake = null;
        lock (_gate)
        {
            _impatient = false;
            if (_free.Count > 0)
            {
                // Until the next lane takes its group.
                _worth = 1;
                wake = WakeForFree();
            }
        }

        wake?.SetResult();
    }

    private TaskCompletionSource? TakeIdle(int lane)
    {
        var idle = _idle[lane];
        _idle[lane] = null;
        _running[lane] |= idle is not null;
        return idle;
    }

    private static TaskCompletionSource NewWait() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
