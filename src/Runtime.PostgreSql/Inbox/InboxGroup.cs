using Reliability.Connections;

namespace Reliability.Inbox;

/// <summary>The entries of one call, and what the table says of them.</summary>
internal sealed class InboxGroup
{
    private readonly IReadOnlyList<InboxEntry> _entries;
    private readonly InboxRowKey[] _keys;
    private readonly Dictionary<InboxRowKey, long> _known = [];
    private readonly HashSet<InboxRowKey> _new = [];
    private readonly HashSet<InboxRowKey> _waiting = [];

    public InboxGroup(IReadOnlyList<InboxEntry> entries, ConsumerNumbers consumers)
    {
        _entries = entries;
        _keys = new InboxRowKey[entries.Count];
        Open = [];
        for (var i = 0; i < entries.Count; i++)
        {
            _keys[i] = new InboxRowKey(consumers.Of(entries[i].Consumer), entries[i].Key.ToHash());
            // The first of those that repeat; the others are held against it.
            Open.TryAdd(_keys[i], entries[i]);
        }
    }

    /// <summary>The keys, sorted and each once, that are neither inserted nor found yet, with their entries.</summary>
    public SortedDictionary<InboxRowKey, InboxEntry> Open { get; }

    public void Inserted(InboxRowKey key)
    {
        _new.Add(key);
        _known[key] = Open[key].Fingerprint;
        Open.Remove(key);
    }

    public void Found(InboxRowKey key, long fingerprint)
    {
        _known[key] = fingerprint;
        Open.Remove(key);
    }

    public void Waits(InboxRowKey key)
    {
        _waiting.Add(key);
        Open.Remove(key);
    }

    /// <summary>A verdict for each entry, and how many duplicates each consumer had.</summary>
    public InboxVerdict[] Verdicts(out SortedDictionary<int, long> duplicates)
    {
        duplicates = [];
        var verdicts = new InboxVerdict[_entries.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            // Only the first entry of a new key is new.
            verdicts[i] = _new.Remove(_keys[i]) ? InboxVerdict.New
                : _waiting.Contains(_keys[i]) ? InboxVerdict.Waiting
                : _known[_keys[i]] == _entries[i].Fingerprint ? InboxVerdict.Duplicate
                : InboxVerdict.Conflict;
            if (verdicts[i] == InboxVerdict.Duplicate)
                duplicates[_keys[i].Consumer] = duplicates.GetValueOrDefault(_keys[i].Consumer) + 1;
        }

        return verdicts;
    }
}
