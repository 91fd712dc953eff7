namespace Reliability;

/// <summary>
/// What was sent on one channel and not yet confirmed, by sequence number. The numbers follow each other, so it is a ring: no hashing, and a confirm of
/// many is a walk over them. Thread-safe.
/// </summary>
internal sealed class ConfirmLedger
{
    private readonly object _gate = new();
    private PendingPublish?[] _ring = new PendingPublish?[1024];
    private ulong _first = 1;
    private ulong _next = 1;
    private bool _closed;

    /// <summary>True where nothing waits for a confirm.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _first == _next;
            }
        }
    }

    /// <summary>Gives the next sequence number to a message, before it is written: its confirm may be read before the write returns.</summary>
    /// <returns>False where the channel is closed.</returns>
    public bool TryAdd(PendingPublish pending)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            if (_next - _first == (ulong)_ring.Length)
            {
                Grow();
            }

            Slot(_next++) = pending;
            return true;
        }
    }

    /// <summary>The newest one was not written: its number goes to the next.</summary>
    public void TakeBackNewest()
    {
        lock (_gate)
        {
            if (!_closed)
            {
                Slot(--_next) = null;
            }
        }
    }

    /// <summary>The broker answered one, or all up to it.</summary>
    public void Answer(ulong number, bool multiple, PublishOutcome outcome)
    {
        lock (_gate)
        {
            if (number < _first || number >= _next)
            {
                return;
            }

            for (var one = multiple ? _first : number; one <= number; one++)
            {
                ref var slot = ref Slot(one);
                slot?.Complete(slot.Returned is { } returned ? PublishOutcome.Failed(returned) : outcome);
                slot = null;
            }

            while (_first < _next && Slot(_first) is null)
            {
                _first++;
            }
        }
    }

    /// <summary>
    /// The broker returned a message; its confirm follows. A return names no number, so every message that it may mean is marked: sending one again
    /// under its id is harmless, taking a returned one for delivered is not.
    /// </summary>
    public void Return(RabbitMqRoute route, string messageId, int bodyLength, string reason)
    {
        lock (_gate)
        {
            for (var number = _first; number < _next; number++)
            {
                if (Slot(number) is { } pending && pending.Route == route && pending.MessageId == messageId && pending.BodyLength == bodyLength)
                {
                    pending.Returned = reason;
                }
            }
        }
    }

    /// <summary>Ends the wait of what began before <paramref name="deadline"/>. Their numbers stay taken: a late confirm finds nobody.</summary>
    public void Expire(long deadline, PublishOutcome outcome)
    {
        lock (_gate)
        {
            for (var number = _first; number < _next; number++)
            {
                if (Slot(number) is not { } pending)
                {
                    continue;
                }

                if (pending.Began > deadline)
                {
                    return;
                }

                pending.Complete(outcome);
            }
        }
    }

    /// <summary>The channel is gone: what nobody will confirm any more.</summary>
    public IReadOnlyList<PendingPublish> Close()
    {
        lock (_gate)
        {
            _closed = true;
            var open = new List<PendingPublish>();
            for (; _first < _next; _first++)
            {
                if (Slot(_first) is { IsDone: false } pending)
                {
                    open.Add(pending);
                }
            }

            _ring = [null];
            return open;
        }
    }

    private ref PendingPublish? Slot(ulong number) => ref _ring[number & ((ulong)_ring.Length - 1)];

    private void Grow()
    {
        var larger = new PendingPublish?[_ring.Length * 2];
        for (var number = _first; number < _next; number++)
        {
            larger[number & ((ulong)larger.Length - 1)] = Slot(number);
        }

        _ring = larger;
    }
}
