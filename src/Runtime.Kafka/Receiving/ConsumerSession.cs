using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// One consumer from its building to its end. Everything but the commit happens on the thread that polls it, rebalances included; that thread never
/// stops polling for long, whatever the handlers do, so the group never throws it out.
/// </summary>
internal sealed class ConsumerSession
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Pausing makes the client drop what it has fetched; a short stall is waited out instead, without polling.</summary>
    private static readonly TimeSpan ShortStall = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a rebalance of the whole group waits for our handlers, to spare others their duplicates.</summary>
    private static readonly TimeSpan HandlersFinish = TimeSpan.FromSeconds(2);

    private readonly string _source;
    private readonly DeliveryWindow _window;
    private readonly TroubleLog _trouble;
    private readonly ILogger _log;
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly TopicIdentity? _identity;
    private readonly object _commitGate = new();
    private readonly Queue<ConsumeResult<byte[]?, byte[]?>> _held = new();
    private bool _paused;
    private bool _someUnpaused;
    private bool _left;
    private volatile bool _isOver;

    /// <param name="source">The topic.</param>
    /// <param name="settings">The client's settings.</param>
    /// <param name="topicIds">Where to learn which topic bears the name, where deliveries must carry positions; otherwise null.</param>
    /// <param name="window">Where deliveries go.</param>
    /// <param name="trouble">Is told of the client's troubles.</param>
    /// <param name="log">Is told of what happens.</param>
    /// <exception cref="InvalidOperationException">The client refuses its settings.</exception>
    public ConsumerSession(
        string source, IEnumerable<KeyValuePair<string, string>> settings, Func<Handle, ITopicIds>? topicIds, DeliveryWindow window, TroubleLog trouble, ILogger log)
    {
        _source = source;
        _window = window;
        _trouble = trouble;
        _log = log;
        _consumer = ClientSettings.Build(() => new ConsumerBuilder<byte[]?, byte[]?>(settings)
            .SetLogHandler((_, line) => log.Client(line))
            .SetErrorHandler((_, error) => trouble.Report(error))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, positions) => OnRevoked(positions))
            .SetPartitionsLostHandler((_, positions) => OnLost(positions))
            .Build());
        _identity = topicIds is null ? null : new TopicIdentity(source, topicIds(_consumer.Handle), trouble, log);
    }

    public bool IsClosed { get; private set; }

    /// <summary>Polls until the subscription closes, or the topic that is read from is seen to be another than in the beginning.</summary>
    /// <exception cref="KafkaException">This consumer can receive no more.</exception>
    public void Run()
    {
        while (_identity is { Id: null } && !_identity.Learn() && !_window.IsClosing)
        {
            _window.Pause(TopicIdentity.Again);
        }

        if (!_window.IsClosing)
        {
            _consumer.Subscribe(_source);
        }

        while (!_window.IsClosing && !_isOver)
        {
            try
            {
                PollOnce();
            }
            catch (KafkaException error) when (!error.Error.IsFatal)
            {
                _trouble.Report(error.Error, _source);
                _window.Pause(PauseAfterError);
            }
        }
    }

    /// <summary>Commits what is done. Called from a thread of its own: the client waits for the coordinator's answer, and polling must go on.</summary>
    /// <returns>Why not, or null.</returns>
    public string? TryCommit(IReadOnlyCollection<int>? partitions = null)
    {
        // Held until the answer is there. So a partition that is taken back meanwhile is committed once more, with all that is done, and then never again:
        // a late commit would set its next owner's offset back.
        lock (_commitGate)
        {
            var commits = _window.NextCommits(partitions);
            if (IsClosed || commits.Count == 0)
            {
                return null;
            }

            if (!IsSameTopic(out var why))
            {
                return why;
            }

            try
            {
                _consumer.Commit(commits.Select(commit => commit.Offset));
                _window.Committed(commits);
                return null;
            }
            catch (TopicPartitionOffsetException error)
            {
                _window.Committed(commits.Where(commit => error.Results.Any(result => result.TopicPartition == commit.Progress.Partition && !result.Error.IsError)));
                return string.Join("; ", error.Results.Where(result => result.Error.IsError).Select(result => $"partition {result.Partition.Value}: {result.Error.Reason}"));
            }
            catch (KafkaException error)
            {
                return error.Error.Reason;
            }
        }
    }

    /// <summary>Commits what is done, leaves the group and closes.</summary>
    public void Close()
    {
        lock (_commitGate)
        {
            if (IsClosed)
            {
                return;
            }

            if (TryCommit() is { } problem)
            {
                _log.NotCommitted(_source, problem, TimeSpan.Zero);
            }

            try
            {
                _consumer.Close();
            }
            catch (KafkaException error)
            {
                _trouble.Report(error.Error, _source);
            }

            IsClosed = true;
            _window.EndAll();
            _identity?.Dispose();
            _consumer.Dispose();
        }
    }

    private void PollOnce()
    {
        if (_window.WaitForRoom(ShortStall))
        {
            Resume();
            var record = _held.Count > 0 ? _held.Dequeue() : Consume();
            if (record is not null)
            {
                Take(record);
            }
        }
        else if (!_window.IsClosing)
        {
            Pause();
            LeaveWhenDone();
            // A partition assigned just now may bring a record already.
            if (Consume() is { } early && !_window.Buffer.IsComplete)
            {
                _held.Enqueue(early);
            }
        }
    }

    private ConsumeResult<byte[]?, byte[]?>? Consume() => _consumer.Consume(Poll) is { IsPartitionEOF: false } record ? record : null;

    private void Take(ConsumeResult<byte[]?, byte[]?> record)
    {
        _trouble.Over();
        if (_window.Find(record.Partition.Value) is not { } progress)
        {
            return;
        }

        // Where a topic is made anew, its records are seen first here. Asked after the record was fetched: what is so now was so then.
        if (record.Offset.Value <= progress.Newest || progress.Newest < 0)
        {
            if (!IsSameTopic(out var why))
            {
                _log.ClientRebuilt("consumer", why);
                _isOver = true;
                return;
            }
        }

        if (record.Offset.Value <= progress.Newest)
        {
            _log.BeginsAgain(_source, record.Partition.Value, record.Offset.Value, progress.Newest);
            progress = Assign(record.TopicPartition);
        }

        _window.Add(new KafkaDelivery(_source, EnvelopeReader.Read(record), progress.NextMayHaveBegun(), progress, record.Offset.Value, record.LeaderEpoch)
        {
            Position = progress.Part is { } part ? new LogPosition(part, record.Offset.Value) { Epoch = record.LeaderEpoch ?? -1 } : null,
        });
    }

    private PartitionProgress Assign(TopicPartition partition) => _window.Assign(partition, _identity?.Id);

    /// <summary>
    /// Whether what was fetched until now lies in the topic whose id it was delivered with. Handlers drop a record by its position; it is settled only once this is
    /// sure. Otherwise a new topic's first records, at offsets that were handled in the old one, would be dropped for good.
    /// </summary>
    private bool IsSameTopic([NotNullWhen(false)] out string? whyNot)
    {
        whyNot = null;
        if (_identity is null)
        {
            return true;
        }

        var comparison = _identity.Compare(out whyNot);
        if (comparison == TopicComparison.Another && !_isOver)
        {
            _log.TopicReplaced(_source);
            _isOver = true;
        }

        return whyNot is null;
    }

    private void Pause()
    {
        if (!_paused || _someUnpaused)
        {
            _consumer.Pause(_consumer.Assignment);
            _paused = true;
            _someUnpaused = false;
            _log.Paused(_source);
        }
    }

    /// <summary>A host that stops may take long to close; what it has no more use for goes to others at once.</summary>
    private void LeaveWhenDone()
    {
        if (!_left && _window.IsDone)
        {
            _consumer.Unsubscribe();
            _left = true;
        }
    }

    private void Resume()
    {
        if (_paused)
        {
            _consumer.Resume(_consumer.Assignment);
            _paused = false;
        }
    }

    private void OnAssigned(List<TopicPartition> partitions)
    {
        _trouble.Over();
        partitions.ForEach(partition => Assign(partition));
        // New partitions arrive unpaused; those we kept are as they were.
        _someUnpaused = true;
        _log.Assigned(_source, Names(Numbers(partitions)));
    }

    private void OnRevoked(List<TopicPartitionOffset> positions)
    {
        var partitions = Numbers(positions.ConvertAll(position => position.TopicPartition));
        _window.Withdraw(partitions, HandlersFinish);
        lock (_commitGate)
        {
            if (TryCommit(partitions) is { } problem)
            {
                _log.NotCommitted(_source, problem, TimeSpan.Zero);
            }

            Forget(partitions, "in turn");
        }
    }

    /// <summary>The group has gone on without us: the partitions may be another's already, and a commit would set its offsets back.</summary>
    private void OnLost(List<TopicPartitionOffset> positions) =>
        Forget(Numbers(positions.ConvertAll(position => position.TopicPartition)), "lost: the group heard nothing of this process for too long");

    private void Forget(HashSet<int> partitions, string how)
    {
        var unfinished = _window.End(partitions);
        var kept = _held.Where(record => !partitions.Contains(record.Partition.Value)).ToList();
        _held.Clear();
        kept.ForEach(_held.Enqueue);
        _log.Revoked(_source, Names(partitions), how, unfinished);
    }

    private static HashSet<int> Numbers(List<TopicPartition> partitions) => [.. partitions.Select(partition => partition.Partition.Value)];

    private static string Names(IEnumerable<int> partitions) => string.Join(", ", partitions.Order());
}
