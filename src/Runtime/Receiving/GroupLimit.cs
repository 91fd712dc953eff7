namespace Reliability;

/// <summary>
/// How many messages share a transaction. Handlers that are slow get small groups, so that no transaction stays open much longer than asked; when they
/// are fast again, groups grow again.
/// </summary>
/// <param name="most">Never more.</param>
/// <param name="time">How long the handlers of one group should take together.</param>
internal sealed class GroupLimit(int most, TimeSpan time)
{
    /// <summary>Until a handler was timed: a few.</summary>
    private const int First = 4;

    /// <summary>Until then groups grow no further than this where no handler runs, as in a stream of duplicates: the first that does may be slow.</summary>
    private const int Untimed = 32;

    private TimeSpan _each;

    public int Current { get; private set; } = Math.Min(most, First);

    /// <summary>For how many messages that wait another lane is worth beginning; until a handler was timed, for each.</summary>
    public int WorthALane { get; private set; } = 1;

    /// <summary>So many handlers took so long.</summary>
    public void Observe(int handled, TimeSpan took)
    {
        if (handled == 0)
        {
            if (_each == TimeSpan.Zero)
            {
                Current = Math.Max(Current, (int)Math.Min(Math.Min(most, Untimed), Current * 2L));
                WorthALane = Current;
            }

            return;
        }

        // Half of it is the latest group: a change of pace shows within two or three.
        _each = _each == TimeSpan.Zero ? took / handled : (_each + (took / handled)) / 2;
        var target = _each > TimeSpan.Zero ? time / _each : most;
        Current = (int)Math.Clamp(target, 1, Math.Min(most, Current * 2L));
        WorthALane = _each > TimeSpan.Zero ? (int)Math.Clamp(LaneQueues.Patience / _each, 1, Current) : Current;
    }
}
