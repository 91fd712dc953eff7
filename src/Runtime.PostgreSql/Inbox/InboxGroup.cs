using System.Runtime.InteropServices;
using Reliability.Connections;

namespace Reliability.Inbox;

/// <summary>The entries of one call, and what the table says of them.</summary>
internal sealed class InboxGroup
{
    private readonly IReadOnlyList<InboxEntry> _entries;
    private readonly InboxRowKey[] _keys;
    private readonly Dictionary<InboxRowKey, Answer> _answers;
    private readonly List<KeyValuePair<InboxRowKey, InboxEntry>> _open;
    private int _unanswered;

    public InboxGroup(IReadOnlyList<InboxEntry> entries, ConsumerNumbers consumers)
    {
        _entries = entries;
        _keys = new InboxRowKey[entries.Count];
        _answers = new(entries.Count);
        _open = new(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            _keys[i] = new InboxRowKey(consumers.Of(entries[i].Consumer), entries[i].Key.ToHash());
            // The first of those that repeat; the others are held against it.
            if (_answers.TryAdd(_keys[i], new Answer(null, entries[i].Fingerprint)))
                _open.Add(new(_keys[i], entries[i]));
        }

        _unanswered = _open.Count;
        _open.Sort(static (one, other) => one.Key.CompareTo(other.Key));
    }

    /// <summary>True while something is neither inserted nor found.</summary>
    public bool IsOpen => _unanswered > 0;

    /// <summary>The keys, sorted and each once, that are neither inserted nor found yet, with their entries.</summary>
    public IReadOnlyList<KeyValuePair<InboxRowKey, InboxEntry>> Open
    {
        get
        {
            if (_open.Count > _unanswered)
                _open.RemoveAll(row => _answers[row.Key].Verdict is not null);

            return _open;
        }
    }

    public void Inserted(InboxRowKey key) => Set(key, InboxVerdict.New, fingerprint: null);

    public void Found(InboxRowKey key, long fingerprint) => Set(key, InboxVerdict.Duplicate, fingerprint);

    public void Waits(InboxRowKey key) => Set(key, InboxVerdict.Waiting, fingerprint: null);

    /// <summary>A verdict for each entry, and how many duplicates each consumer had.</summary>
    public InboxVerdict[] Verdicts(out SortedDictionary<int, long> duplicates)
    {
        duplicates = [];
        var verdicts = new InboxVerdict[_entries.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            ref var answer = ref CollectionsMarshal.GetValueRefOrNullRef(_answers, _keys[i]);
            verdicts[i] = answer.Verdict == InboxVerdict.Duplicate && answer.Fingerprint != _entries[i].Fingerprint ? InboxVerdict.Conflict : answer.Verdict!.Value;
            if (verdicts[i] == InboxVerdict.New)
            {
                // Only the first entry of a new key is.
                answer = answer with { Verdict = InboxVerdict.Duplicate };
            }
            else if (verdicts[i] == InboxVerdict.Duplicate)
            {
                duplicates[_keys[i].Consumer] = duplicates.GetValueOrDefault(_keys[i].Consumer) + 1;
            }
        }

        return verdicts;
    }

    private void Set(InboxRowKey key, InboxVerdict verdict, long? fingerprint)
    {
        ref var answer = ref CollectionsMarshal.GetValueRefOrNullRef(_answers, key);
        if (answer.Verdict is null)
            _unanswered--;

        answer = new Answer(verdict, fingerprint ?? answer.Fingerprint);
    }

    /// <summary>What is known of a key, and the fingerprint that is kept of it: until something is found, that of its first entry.</summary>
    private readonly record struct Answer(InboxVerdict? Verdict, long Fingerprint);
}
