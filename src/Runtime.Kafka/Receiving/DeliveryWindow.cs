using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;

namespace Reliability;

/// <summary>
/// Everything of one subscription between the poll and the commit of its offset: at most the prefetch. Records that are done but whose offset is not
/// committed still take room. So a process that dies leaves no more than the prefetch begun above the committed offset, whatever the broker's state.
/// </summary>
internal sealed class DeliveryWindow
{
    /// <summary>How long a few finished records wait for more, to be committed together.</summary>
    private static readonly TimeSpan CommitPause = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly Dictionary<int, PartitionProgress> _partitions = [];
    private readonly int _prefetch;
    private int _inHand;
    private int _committable;
    private bool _closing;

    public DeliveryWindow(int prefetch)
    {
        _prefetch = prefetch;
        Buffer = new(_gate);
    }

    public DeliveryBuffer Buffer { get; }

    public bool IsClosing
    {
        get
        {
            lock (_gate)
            {
                return _closing;
            }
        }
    }

    /// <summary>No more is taken in, and nobody has anything in hand: the partitions may go to others.</summary>
    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return Buffer.IsComplete && _partitions.Values.All(progress => progress.Unfinished.All(delivery => delivery.GivenUp));
            }
        }
    }

    /// <summary>Begins with a partition anew.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">The id of the topic that is read from; null where deliveries carry no positions.</param>
    public PartitionProgress Assign(TopicPartition partition, string? topicId = null)
    {
        lock (_gate)
        {
            End([partition.Partition.Value]);
            return _partitions[partition.Partition.Value] = new(partition, _prefetch)
            {
                Part = topicId is null ? null : string.Create(CultureInfo.InvariantCulture, $"{topicId}/{partition.Partition.Value}"),
            };
        }
    }

    /// <summary>Forgets partitions.</summary>
    /// <returns>How many of their records were in hand, not done.</returns>
    public int End(IEnumerable<int> partitions)
    {
        lock (_gate)
        {
            var unfinished = 0;
            foreach (var partition in partitions)
            {
                if (_partitions.Remove(partition, out var progress))
                {
                    progress.End();
                    _inHand -= progress.InHand;
                    _committable -= progress.Committable;
                    unfinished += progress.Unfinished.Count(delivery => delivery.Taken);
                }
            }

            Monitor.PulseAll(_gate);
            return unfinished;
        }
    }

    public int EndAll()
    {
        lock (_gate)
        {
            return End([.. _partitions.Keys]);
        }
    }

    /// <summary>Null where the partition is not assigned.</summary>
    public PartitionProgress? Find(int partition)
    {
        lock (_gate)
        {
            return _partitions.GetValueOrDefault(partition);
        }
    }

    /// <summary>Takes a record in, unless no more is asked for or its assignment is over.</summary>
    public void Add(KafkaDelivery delivery)
    {
        lock (_gate)
        {
            if (!Buffer.IsComplete && !delivery.Progress.IsOver)
            {
                delivery.Progress.Add(delivery);
                _inHand++;
                Buffer.Add(delivery);
            }
        }
    }

    /// <summary>Waits for room for one more record; false after <paramref name="longest"/>, or at once where no more is asked for.</summary>
    public bool WaitForRoom(TimeSpan longest)
    {
        lock (_gate)
        {
            if (_inHand >= _prefetch)
            {
                WaitUntil(() => _closing || Buffer.IsComplete || _inHand < _prefetch, longest);
            }

            return _inHand < _prefetch && !_closing && !Buffer.IsComplete;
        }
    }

    public void Settle(IEnumerable<KafkaDelivery> handled)
    {
        lock (_gate)
        {
            foreach (var delivery in handled)
            {
                var progress = delivery.Progress;
                if (!progress.IsOver && !delivery.Settled)
                {
                    var before = progress.Committable;
                    progress.Settle(delivery);
                    _committable += progress.Committable - before;
                }
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>After the end of receiving they stay uncommitted, and come again to whoever is assigned next.</summary>
    public void Return(IEnumerable<KafkaDelivery> untried)
    {
        lock (_gate)
        {
            foreach (var delivery in untried)
            {
                delivery.GivenUp = Buffer.IsComplete;
                if (!delivery.GivenUp && !delivery.Progress.IsWithdrawn && delivery is { Taken: true, Settled: false })
                {
                    Buffer.PutBack(delivery);
                }
            }
        }
    }

    /// <summary>
    /// Hands out no more of these partitions, and waits, no longer than <paramref name="longest"/>, for handlers that have records of them in hand.
    /// </summary>
    public void Withdraw(IReadOnlyCollection<int> partitions, TimeSpan longest)
    {
        lock (_gate)
        {
            foreach (var partition in partitions)
            {
                _partitions.GetValueOrDefault(partition)?.Withdraw();
            }

            WaitUntil(() => _closing || !partitions.Any(HasHandler), longest);
        }

        bool HasHandler(int partition) => _partitions.TryGetValue(partition, out var progress) && progress.Unfinished.Any(delivery => delivery.Taken);
    }

    /// <summary>Waits for something to commit: at once where half the room waits for it, otherwise until a few more came.</summary>
    /// <returns>False where the subscription closes.</returns>
    public bool WaitForCommittable()
    {
        lock (_gate)
        {
            WaitUntil(() => _closing || _committable > 0, Timeout.InfiniteTimeSpan);
            WaitUntil(() => _closing || _committable >= Math.Max(1, _prefetch / 2), CommitPause);
            return !_closing;
        }
    }

    /// <summary>Waits until the subscription closes, no longer than <paramref name="pause"/>.</summary>
    public void Pause(TimeSpan pause)
    {
        lock (_gate)
        {
            WaitUntil(() => _closing, pause);
        }
    }

    /// <summary>What to commit of these partitions; null: of all.</summary>
    public List<PendingCommit> NextCommits(IReadOnlyCollection<int>? partitions = null)
    {
        lock (_gate)
        {
            return [.. _partitions.Where(entry => partitions?.Contains(entry.Key) ?? true).Select(entry => entry.Value.NextCommit()).OfType<PendingCommit>()];
        }
    }

    public void Committed(IEnumerable<PendingCommit> commits)
    {
        lock (_gate)
        {
            foreach (var commit in commits.Where(commit => !commit.Progress.IsOver))
            {
                commit.Progress.Committed(commit);
                _inHand -= commit.Records;
                _committable -= commit.Records;
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends every wait.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closing = true;
            Buffer.Complete();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>No more is taken in; what is in hand can still be settled.</summary>
    public void StopReceiving()
    {
        lock (_gate)
        {
            Buffer.Complete();
            Monitor.PulseAll(_gate);
        }
    }

    private bool WaitUntil(Func<bool> condition, TimeSpan longest)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            var left = longest == Timeout.InfiniteTimeSpan ? longest : longest - Stopwatch.GetElapsedTime(since);
            if (longest != Timeout.InfiniteTimeSpan && left <= TimeSpan.Zero)
            {
                return false;
            }

            Monitor.Wait(_gate, left);
        }

        return true;
    }
}
