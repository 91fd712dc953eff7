namespace Reliability;

/// <summary>
/// While a broker is away, one row at a time is tried, after pauses that grow; any answer of the broker ends it. Not thread-safe.
/// </summary>
internal sealed class BrokerPause(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private int _failures;
    private long _began;
    private TimeSpan _pause;
    private OutboxRow? _probe;

    public bool IsAway => _failures > 0;

    /// <summary>The broker answered, whatever it said.</summary>
    public void Answered()
    {
        _failures = 0;
        _probe = null;
    }

    /// <summary>In what time the next row is tried; null where the broker is not away, or one is being tried.</summary>
    public TimeSpan? Wait
    {
        get
        {
            if (_failures == 0 || _probe is not null)
            {
                return null;
            }

            var left = _pause - time.GetElapsedTime(_began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>A row found the broker away: a pause begins, unless one has begun.</summary>
    public void Away(OutboxRow row)
    {
        if (_failures == 0 || ReferenceEquals(row, _probe))
        {
            _probe = null;
            _began = time.GetTimestamp();
            _pause = Backoff.Pause(First, Longest, ++_failures);
        }
    }

    /// <summary>Whether a row may be sent now.</summary>
    public bool MaySend() => _failures == 0 || (_probe is null && time.GetElapsedTime(_began) >= _pause);

    /// <summary>A row is sent.</summary>
    public void Sending(OutboxRow row)
    {
        if (_failures > 0)
        {
            _probe = row;
        }
    }

    /// <summary>The row was taken from the lane without an answer.</summary>
    public void Dropped(OutboxRow row)
    {
        if (ReferenceEquals(row, _probe))
        {
            _probe = null;
        }
    }
}
