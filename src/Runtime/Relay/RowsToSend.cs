using System.Diagnostics.CodeAnalysis;

namespace Reliability;

/// <summary>
/// The rows in hand that wait to be sent. Of each order key one row is out at a time: the next follows when that one is done. Rows that found the broker away are
/// given out again first, oldest first. Not thread-safe.
/// </summary>
/// <param name="ordered">False: no heed of order keys.</param>
internal sealed class RowsToSend(bool ordered)
{
    private readonly Queue<OutboxRow> _ready = new();
    private readonly PriorityQueue<OutboxRow, long> _again = new();
    private readonly Dictionary<string, Queue<OutboxRow>?> _followers = [];

    /// <summary>How many wait, those behind a row of their key among them.</summary>
    public int Count { get; private set; }

    public void Add(OutboxRow row)
    {
        Count++;
        if (!ordered || row.OrderKey is not { } key)
        {
            _ready.Enqueue(row);
        }
        else if (_followers.TryGetValue(key, out var queue))
        {
            (queue ?? (_followers[key] = new Queue<OutboxRow>())).Enqueue(row);
        }
        else
        {
            _followers[key] = null;
            _ready.Enqueue(row);
        }
    }

    /// <summary>The row was not tried: it is the first again.</summary>
    public void PutBack(OutboxRow row)
    {
        Count++;
        _again.Enqueue(row, row.Id);
    }

    /// <summary>The next row that may be sent.</summary>
    public bool TryTake([MaybeNullWhen(false)] out OutboxRow row)
    {
        if (_again.TryDequeue(out row, out _) || _ready.TryDequeue(out row))
        {
            Count--;
            return true;
        }

        return false;
    }

    /// <summary>The row is confirmed: the next of its key may go.</summary>
    public void Done(OutboxRow row)
    {
        if (row.OrderKey is not { } key || !_followers.TryGetValue(key, out var queue))
        {
            return;
        }

        if (queue is not null && queue.TryDequeue(out var next))
        {
            _ready.Enqueue(next);
        }
        else
        {
            _followers.Remove(key);
        }
    }

    /// <summary>The row failed, or may not be sent: those of its key that wait behind it.</summary>
    public IReadOnlyList<OutboxRow> TakeFollowers(OutboxRow row)
    {
        if (row.OrderKey is not { } key || !_followers.Remove(key, out var queue) || queue is not { Count: > 0 })
        {
            return [];
        }

        Count -= queue.Count;
        return [.. queue];
    }

    /// <summary>Everything that waits.</summary>
    public IReadOnlyList<OutboxRow> TakeAll()
    {
        var rows = new List<OutboxRow>(Count);
        while (TryTake(out var row))
        {
            rows.Add(row);
        }

        foreach (var queue in _followers.Values)
        {
            if (queue is not null)
            {
                rows.AddRange(queue);
                Count -= queue.Count;
                queue.Clear();
            }
        }

        return rows;
    }
}
