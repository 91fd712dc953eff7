using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Looks once, as soon as a broker answers, whether topics are made so that a confirmed message survives a broker. It neither creates nor changes anything.
/// </summary>
internal sealed class TopicCheck(KafkaOptions options, IReadOnlyList<string> topics, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    /// <summary>Warns of what it finds.</summary>
    public async Task WarnAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await FindAsync(cancellationToken).ConfigureAwait(false);
            foreach (var flaw in found.Flaws)
            {
                log.TopicFlawed(flaw.Topic, flaw.Says);
            }

            if (found.NotSeen is { } reason)
            {
                log.NotChecked(reason);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped before a broker answered: nobody is left to warn.
        }
#pragma warning disable CA1031 // A check that fails must not keep messages from flowing.
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.NotChecked(error.Message);
        }
    }

    /// <summary>Waits for a broker's answer, and refuses what it finds.</summary>
    /// <exception cref="InvalidOperationException">A topic is missing, can be lost with one broker, or could not be looked at.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        var (flaws, notSeen) = await FindAsync(cancellationToken).ConfigureAwait(false);
        if (flaws.Count == 0 && notSeen is null)
        {
            return;
        }

        var reasons = flaws.Select(flaw => $"Topic '{flaw.Topic}' {flaw.Says}.").Concat(notSeen is null ? [] : [$"Not all could be looked at: {notSeen}."]);
        throw new InvalidOperationException(
            $"The Kafka transport did not start, because its topics must be made to keep messages ({nameof(KafkaOptions)}.{nameof(KafkaOptions.Topics)} is {KafkaTopicCheck.Require}). "
            + $"{string.Join(' ', reasons)} Nothing was received or sent. Mend the topics, or set the option to {KafkaTopicCheck.Verify} to be warned only.");
    }

    private async Task<(List<TopicFlaw> Flaws, string? NotSeen)> FindAsync(CancellationToken cancellationToken)
    {
        // The client's own calls block; keep them off the caller and off the pool.
        using var admin = await LongAsync(Build).ConfigureAwait(false);
        Metadata? metadata;
        while ((metadata = await LongAsync(() => TryDescribe(admin)).ConfigureAwait(false)) is null)
        {
            log.TopicsWaitForBroker(options.BootstrapServers, Again);
            await Task.Delay(Again, time, cancellationToken).ConfigureAwait(false);
        }

        var known = metadata.Topics.Where(topic => topics.Contains(topic.Topic) && !topic.Error.IsError && topic.Partitions.Count > 0).ToList();
        var flaws = topics.Except(known.Select(topic => topic.Topic))
            .Select(missing => new TopicFlaw(missing, "does not exist: create it, with replication factor 3 and min.insync.replicas 2")).ToList();
        foreach (var topic in known)
        {
            var replicas = topic.Partitions.Min(partition => partition.Replicas.Length);
            if (replicas < 2)
            {
                flaws.Add(new TopicFlaw(topic.Topic, $"has {replicas} replica(s) of a partition, so its messages are lost with one disk: use replication factor 3"));
            }
        }

        return (flaws, known.Count > 0 ? await FindTooFewInSyncAsync(admin, known, flaws).ConfigureAwait(false) : null);
    }

    /// <returns>Why it could not be seen; null where it could.</returns>
    private static async Task<string?> FindTooFewInSyncAsync(IAdminClient admin, List<TopicMetadata> known, List<TopicFlaw> flaws)
    {
        try
        {
            var resources = known.ConvertAll(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Topic });
            foreach (var described in await admin.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = Answer }).ConfigureAwait(false))
            {
                if (described.Entries.TryGetValue("min.insync.replicas", out var entry) && int.TryParse(entry.Value, out var inSync) && inSync < 2)
                {
                    flaws.Add(new TopicFlaw(described.ConfigResource.Name, $"has min.insync.replicas {inSync}, so confirmed messages may be on one broker only and lost with it: set 2"));
                }
            }

            return null;
        }
        catch (KafkaException error)
        {
            return $"min.insync.replicas: {error.Error.Reason}";
        }
    }

    private IAdminClient Build() => new AdminClientBuilder(ClientSettings.ForAdmin(options))
        .SetLogHandler((_, line) => log.Client(line))
        // The producer and the consumers report the same trouble.
        .SetErrorHandler((_, _) => { })
        .Build();

    private static Metadata? TryDescribe(IAdminClient admin)
    {
        try
        {
            // All topics: asking for one by name may create it.
            return admin.GetMetadata(Answer);
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    private static Task<T> LongAsync<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private readonly record struct TopicFlaw(string Topic, string Says);
}
