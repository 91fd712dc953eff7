namespace Reliability;

/// <summary>
/// When a holder searches the store: at once when it was told to, when a row of this process becomes due, and otherwise at pauses that grow while nothing is
/// found. Not thread-safe.
/// </summary>
/// <param name="poll">The pause while rows are found.</param>
/// <param name="time">The clock.</param>
internal sealed class IntakeSchedule(TimeSpan poll, TimeProvider time)
{
    /// <summary>More rows to come than this are found by searching.</summary>
    private const int Remembered = 1000;

    /// <summary>Stores round times up: a look at the very moment would come too early.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(10);

    private readonly PriorityQueue<long, long> _due = new();
    private bool _now = true;
    private long _looked = time.GetTimestamp();
    private long _active = time.GetTimestamp();

    public void LookNow() => _now = true;

    /// <summary>Rows come: others may follow.</summary>
    public void Active() => _active = time.GetTimestamp();

    /// <summary>A row becomes due in that time.</summary>
    public void Expect(TimeSpan delay)
    {
        if (_due.Count < Remembered && delay < TimeSpan.FromDays(30))
        {
            var at = time.GetTimestamp() + (long)((Math.Max(0, delay.TotalSeconds) + Rounding.TotalSeconds) * time.TimestampFrequency);
            _due.Enqueue(at, at);
        }
    }

    /// <summary>Whether to search now; else in what time.</summary>
    public bool IsDue(TimeSpan idlePoll, out TimeSpan pause)
    {
        var now = time.GetTimestamp();
        var due = _now;
        while (_due.TryPeek(out var at, out _) && at <= now)
        {
            _due.Dequeue();
            _active = now;
            due = true;
        }

        var idle = time.GetElapsedTime(_active, now) / 4;
        var between = idle < poll ? poll : idle < idlePoll ? idle : idlePoll;
        pause = between - time.GetElapsedTime(_looked, now);
        if (_due.TryPeek(out var next, out _) && time.GetElapsedTime(now, next) < pause)
        {
            pause = time.GetElapsedTime(now, next);
        }

        return due || pause <= TimeSpan.Zero;
    }

    public void Looked()
    {
        _now = false;
        _looked = time.GetTimestamp();
    }
}
