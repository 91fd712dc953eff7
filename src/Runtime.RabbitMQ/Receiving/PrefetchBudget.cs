namespace Reliability;

/// <summary>
/// How many messages to have unsettled so that their bodies stay within a number of bytes: RabbitMQ counts messages only, so their size is learned from what came. An
/// approximation: what was asked for before a change comes too, and bodies that suddenly grow are seen when they are there.
/// </summary>
/// <param name="prefetch">The most messages.</param>
/// <param name="bytes">The most bytes; <see cref="long.MaxValue"/>: no limit.</param>
/// <param name="assumedBody">The size of a body before the first has come, in bytes.</param>
internal sealed class PrefetchBudget(int prefetch, long bytes, int assumedBody)
{
    /// <summary>Of how many bodies the mean is taken, newer ones counting more.</summary>
    private const int Window = 32;

    /// <summary>Each change costs round trips: not more often than each so many messages.</summary>
    private const int ChangeEvery = 16;

    private double _mean = assumedBody;
    private int _seen;
    private int _sinceChange;

    /// <summary>How many messages now; at least 1.</summary>
    public int Messages => bytes == long.MaxValue ? prefetch : (int)Math.Clamp(bytes / Math.Max(1, _mean), 1, prefetch);

    /// <summary>What the broker was asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>The broker is asked for as many as <see cref="Messages"/> says.</summary>
    public int Ask()
    {
        _sinceChange = 0;
        return Asked = Messages;
    }

    /// <summary>Learns from a body.</summary>
    /// <returns>True where the broker should be asked for another number: half as many, twice as many, or all.</returns>
    public bool Saw(int bodyLength)
    {
        if (bytes == long.MaxValue)
        {
            return false;
        }

        _seen = Math.Min(_seen + 1, Window);
        _mean += (bodyLength - _mean) / _seen;
        var next = Messages;
        return ++_sinceChange >= Math.Min(Asked, ChangeEvery)
            && (next >= Asked * 2L || next * 2L <= Asked || (next == prefetch && Asked < prefetch));
    }
}
