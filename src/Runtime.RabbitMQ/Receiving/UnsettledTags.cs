namespace Reliability;

/// <summary>
/// The delivery tags of one channel that are not settled, at most the prefetch. Knows what can be settled together: "this one and all below" may be
/// said only of a tag that is open itself and has no unfinished one below. A wrong tag makes the broker close the channel. Thread-safe.
/// </summary>
internal sealed class UnsettledTags
{
    private readonly object _gate = new();
    private readonly SortedSet<ulong> _open = [];

    /// <summary>How many.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    public void Add(ulong tag)
    {
        lock (_gate)
        {
            _open.Add(tag);
        }
    }

    /// <summary>Takes out those that are open; tags that were settled before are passed over.</summary>
    /// <param name="tags">What is done.</param>
    /// <param name="single">Receives what must be settled one by one, in ascending order.</param>
    /// <returns>The tag to settle together with all below it; 0 where there is none.</returns>
    public ulong Take(IReadOnlyList<ulong> tags, List<ulong> single)
    {
        lock (_gate)
        {
            single.AddRange(tags.Where(_open.Remove));
            single.Sort();
            var unfinished = _open.Count == 0 ? ulong.MaxValue : _open.Min;
            var together = single.FindLastIndex(tag => tag < unfinished);
            if (together < 0)
            {
                return 0;
            }

            var highest = single[together];
            single.RemoveRange(0, together + 1);
            return highest;
        }
    }
}
