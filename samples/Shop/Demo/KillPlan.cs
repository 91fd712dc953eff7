namespace Shop.Demo;

/// <summary>When the worker is killed: at moments drawn from the seed, spread over the run's steps, plus a few random milliseconds.</summary>
public sealed class KillPlan
{
    private readonly Random _random;
    private readonly Queue<long> _moments;

    public KillPlan(int kills, long steps, int seed)
    {
        _random = new Random(seed);
        // One moment in each of as many equal parts: random, but never two at once.
        _moments = new Queue<long>(Enumerable.Range(0, kills).Select(part => (long)((part + _random.NextDouble()) * steps * 0.96 / kills)));
    }

    public bool IsDue(long steps) => _moments.TryPeek(out var moment) && steps >= moment;

    /// <summary>Strikes the moment off; returns how much longer to wait, so that kills do not fall on the steps of the watcher.</summary>
    public TimeSpan Take()
    {
        _moments.Dequeue();
        return TimeSpan.FromMilliseconds(_random.NextDouble() * 40);
    }
}
