namespace Reliability;

/// <summary>
/// The delivery tags of one channel that are not settled, at most the prefetch. Knows what can be settled together: "this one and all below" may be
/// said only of a tag that is not settled itself and has no unfinished one below. A wrong tag makes the broker close the channel. Thread-safe.
/// </summary>
/// <remarks>The tags follow each other, so it is a ring.</remarks>
internal sealed class UnsettledTags
{
    private readonly object _gate = new();
    private State[] _ring = new State[1024];
    private ulong _first = 1;
    private ulong _next = 1;
    private int _open;
    private int _done;

    private enum State : byte
    {
        /// <summary>The broker knows.</summary>
        Settled,

        /// <summary>Not finished.</summary>
        Open,

        /// <summary>Finished, and not settled yet.</summary>
        Done,
    }

    /// <summary>How many.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open + _done;
            }
        }
    }

    public void Add(ulong tag)
    {
        lock (_gate)
        {
            if (_first == _next)
            {
                _first = _next = tag;
            }

            while (_next <= tag)
            {
                if (_next - _first == (ulong)_ring.Length)
                {
                    Grow();
                }

                // None is left out, by the protocol; one that was would be nobody's.
                Slot(_next) = _next == tag ? State.Open : State.Settled;
                _next++;
            }

            _open++;
        }
    }

    /// <summary>These are done; tags that were settled before are passed over.</summary>
    /// <param name="tags">What is done.</param>
    /// <param name="waiting">True where some lie above unfinished ones: they are settled together with those, or by <see cref="TakeDone"/>.</param>
    /// <returns>The tag to settle together with all below it; 0 where there is none.</returns>
    public ulong Finish(IReadOnlyList<ulong> tags, out bool waiting)
    {
        lock (_gate)
        {
            for (var index = 0; index < tags.Count; index++)
            {
                if (IsOpen(tags[index]))
                {
                    Slot(tags[index]) = State.Done;
                    _open--;
                    _done++;
                }
            }

            var together = 0UL;
            for (; _first < _next && Slot(_first) != State.Open; _first++)
            {
                if (Slot(_first) == State.Done)
                {
                    together = _first;
                    _done--;
                }
            }

            waiting = _done > 0;
            return together;
        }
    }

    /// <summary>Takes out those that are done and lie above unfinished ones, to be settled one by one, in ascending order.</summary>
    public List<ulong> TakeDone()
    {
        lock (_gate)
        {
            var done = new List<ulong>(_done);
            for (var tag = _first; _done > 0; tag++)
            {
                if (Slot(tag) == State.Done)
                {
                    Slot(tag) = State.Settled;
                    _done--;
                    done.Add(tag);
                }
            }

            return done;
        }
    }

    /// <summary>Takes out those that are open; tags that were settled before are passed over. Not while some that are done wait.</summary>
    /// <param name="tags">Which.</param>
    /// <param name="single">Receives what must be settled one by one, in ascending order.</param>
    /// <returns>The tag to settle together with all below it; 0 where there is none.</returns>
    public ulong Take(IReadOnlyList<ulong> tags, List<ulong> single)
    {
        lock (_gate)
        {
            for (var index = 0; index < tags.Count; index++)
            {
                if (IsOpen(tags[index]))
                {
                    Slot(tags[index]) = State.Settled;
                    _open--;
                    single.Add(tags[index]);
                }
            }

            while (_first < _next && Slot(_first) == State.Settled)
            {
                _first++;
            }

            single.Sort();
            var together = single.FindLastIndex(tag => tag < _first);
            if (together < 0)
            {
                return 0;
            }

            var highest = single[together];
            single.RemoveRange(0, together + 1);
            return highest;
        }
    }

    private bool IsOpen(ulong tag) => tag >= _first && tag < _next && Slot(tag) == State.Open;

    private ref State Slot(ulong tag) => ref _ring[tag & ((ulong)_ring.Length - 1)];

    private void Grow()
    {
        var larger = new State[_ring.Length * 2];
        for (var tag = _first; tag < _next; tag++)
        {
            larger[tag & ((ulong)larger.Length - 1)] = Slot(tag);
        }

        _ring = larger;
    }
}
