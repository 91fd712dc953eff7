namespace Reliability;

/// <summary>
/// The entries of one call, by the logs they lie in: what a store must keep of each, and what it then says of each entry. Stores share it, so that all mean the same.
/// </summary>
public sealed class PositionGroup
{
    private readonly IReadOnlyList<PositionEntry> _entries;
    private readonly SortedDictionary<PositionRowKey, LogPosition> _furthest = [];

    /// <summary>Sorts entries.</summary>
    /// <param name="entries">In the order in which they are handled.</param>
    public PositionGroup(IReadOnlyList<PositionEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _entries = entries;
        foreach (var entry in entries)
        {
            var key = PositionRowKey.Of(entry);
            if (!_furthest.TryGetValue(key, out var furthest) || entry.Position.IsLaterThan(furthest))
            {
                _furthest[key] = entry.Position;
            }
        }
    }

    /// <summary>
    /// The furthest position of each log, in one order for all: two groups that move the same positions wait for each other, and never crosswise. A store keeps it
    /// where it is later than the position that it has (<see cref="LogPosition.IsLaterThan"/>), and otherwise keeps the one that it has.
    /// </summary>
    public IReadOnlyCollection<KeyValuePair<PositionRowKey, LogPosition>> Furthest => _furthest;

    /// <summary>A verdict for each entry, in their order: <see cref="InboxVerdict.New"/> or <see cref="InboxVerdict.Duplicate"/>.</summary>
    /// <param name="before">The positions that the store had, locked for the transaction; those that it had none of are missing.</param>
    public IReadOnlyList<InboxVerdict> Verdicts(IReadOnlyDictionary<PositionRowKey, LogPosition> before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var last = new Dictionary<PositionRowKey, LogPosition>(before);
        var verdicts = new InboxVerdict[_entries.Count];
        for (var index = 0; index < verdicts.Length; index++)
        {
            var (key, position) = (PositionRowKey.Of(_entries[index]), _entries[index].Position);
            var isKnown = last.TryGetValue(key, out var reached);
            verdicts[index] = !isKnown || position.IsNotCoveredBy(reached) ? InboxVerdict.New : InboxVerdict.Duplicate;
            if (!isKnown || position.IsLaterThan(reached))
            {
                last[key] = position;
            }
        }

        return verdicts;
    }
}

/// <summary>What a store keeps one position for.</summary>
/// <param name="Consumer">The handler's name.</param>
/// <param name="Source">The topic or stream.</param>
/// <param name="Part">See <see cref="LogPosition.Part"/>.</param>
public readonly record struct PositionRowKey(string Consumer, string Source, string Part) : IComparable<PositionRowKey>
{
    /// <summary>The row that an entry belongs to.</summary>
    public static PositionRowKey Of(PositionEntry entry) => new(entry.Consumer, entry.Source, entry.Position.Part);

    /// <summary>By the texts' code units, the same in every process.</summary>
    public int CompareTo(PositionRowKey other)
    {
        var byConsumer = string.CompareOrdinal(Consumer, other.Consumer);
        var bySource = byConsumer != 0 ? byConsumer : string.CompareOrdinal(Source, other.Source);
        return bySource != 0 ? bySource : string.CompareOrdinal(Part, other.Part);
    }

    /// <summary>Compares.</summary>
    public static bool operator <(PositionRowKey left, PositionRowKey right) => left.CompareTo(right) < 0;

    /// <summary>Compares.</summary>
    public static bool operator <=(PositionRowKey left, PositionRowKey right) => left.CompareTo(right) <= 0;

    /// <summary>Compares.</summary>
    public static bool operator >(PositionRowKey left, PositionRowKey right) => left.CompareTo(right) > 0;

    /// <summary>Compares.</summary>
    public static bool operator >=(PositionRowKey left, PositionRowKey right) => left.CompareTo(right) >= 0;
}
