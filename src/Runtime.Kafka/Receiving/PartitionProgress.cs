using Confluent.Kafka;

namespace Reliability;

/// <summary>
/// How far one partition has come during one assignment: handlers finish in any order, but an offset says that everything before it is done. Commits
/// go up to the first unfinished record and never back. Guarded by the window's gate.
/// </summary>
/// <param name="partition">The partition.</param>
/// <param name="mayHaveBegun">How many of its first records another process may have begun.</param>
internal sealed class PartitionProgress(TopicPartition partition, int mayHaveBegun)
{
    private readonly Queue<KafkaDelivery> _unfinished = new();
    private KafkaDelivery? _lastDone;
    private int _mayHaveBegun = mayHaveBegun;

    public TopicPartition Partition => partition;

    /// <summary>The log that offsets of this assignment count in; null where deliveries carry no positions.</summary>
    public string? Part { get; init; }

    /// <summary>The offset of the newest record; -1 before the first.</summary>
    public long Newest { get; private set; } = -1;

    /// <summary>The partition was taken back. What is still in hand is settled in vain: it comes again, and the inbox knows it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The partition is being taken back: what is in hand may still be settled, what is buffered is no longer handed out.</summary>
    public bool IsWithdrawn { get; private set; }

    /// <summary>Records that are done, as are all before them, and whose offset is not committed yet.</summary>
    public int Committable { get; private set; }

    /// <summary>Records above the committed offset.</summary>
    public int InHand => _unfinished.Count + Committable;

    public IEnumerable<KafkaDelivery> Unfinished => _unfinished.Where(delivery => !delivery.Settled);

    /// <summary>
    /// Kafka does not say that a record was delivered before. A process that died had begun no more than its prefetch above the committed offset, so
    /// that many of the first records after an assignment may have been begun, and one of them may be what ended it. A group without a commit is no
    /// exception: the process may have died before its first.
    /// </summary>
    public bool NextMayHaveBegun() => _mayHaveBegun-- > 0;

    public void Add(KafkaDelivery delivery)
    {
        Newest = delivery.Offset;
        _unfinished.Enqueue(delivery);
    }

    public void Settle(KafkaDelivery delivery)
    {
        delivery.Settled = true;
        while (_unfinished.TryPeek(out var first) && first.Settled)
        {
            _lastDone = _unfinished.Dequeue();
            Committable++;
        }
    }

    /// <summary>What to commit, or null where nothing is new.</summary>
    public PendingCommit? NextCommit() => Committable == 0 || _lastDone is null
        ? null
        : new PendingCommit(this, new TopicPartitionOffset(partition, _lastDone.Offset + 1, _lastDone.LeaderEpoch), Committable);

    public void Committed(PendingCommit commit) => Committable -= commit.Records;

    public void Withdraw() => IsWithdrawn = true;

    public void End() => IsOver = IsWithdrawn = true;
}

/// <summary>A commit under way.</summary>
/// <param name="Progress">Whose.</param>
/// <param name="Offset">The offset to begin from next time.</param>
/// <param name="Records">How many records it covers.</param>
internal sealed record PendingCommit(PartitionProgress Progress, TopicPartitionOffset Offset, int Records);
