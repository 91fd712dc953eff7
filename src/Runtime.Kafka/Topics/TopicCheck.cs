using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Looks once, as soon as a broker answers, whether topics are made so that a confirmed message survives a broker. It warns; it neither creates nor
/// changes anything.
/// </summary>
internal sealed class TopicCheck(KafkaOptions options, IReadOnlyList<string> topics, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The client's own calls block; keep them off the caller and off the pool.
            using var admin = await LongAsync(Build).ConfigureAwait(false);
            Metadata? metadata;
            while ((metadata = await LongAsync(() => TryDescribe(admin)).ConfigureAwait(false)) is null)
            {
                await Task.Delay(Again, time, cancellationToken).ConfigureAwait(false);
            }

            await CheckAsync(admin, metadata).ConfigureAwait(false);
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

    private async Task CheckAsync(IAdminClient admin, Metadata metadata)
    {
        var known = metadata.Topics.Where(topic => topics.Contains(topic.Topic) && !topic.Error.IsError && topic.Partitions.Count > 0).ToList();
        foreach (var missing in topics.Except(known.Select(topic => topic.Topic)))
        {
            log.TopicMissing(missing);
        }

        foreach (var topic in known)
        {
            var replicas = topic.Partitions.Min(partition => partition.Replicas.Length);
            if (replicas < 2)
            {
                log.TooFewReplicas(topic.Topic, replicas);
            }
        }

        if (known.Count > 0)
        {
            await CheckInSyncAsync(admin, known.ConvertAll(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Topic })).ConfigureAwait(false);
        }
    }

    private async Task CheckInSyncAsync(IAdminClient admin, List<ConfigResource> resources)
    {
        try
        {
            foreach (var described in await admin.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = Answer }).ConfigureAwait(false))
            {
                if (described.Entries.TryGetValue("min.insync.replicas", out var entry) && int.TryParse(entry.Value, out var inSync) && inSync < 2)
                {
                    log.TooFewInSync(described.ConfigResource.Name, inSync);
                }
            }
        }
        catch (KafkaException error)
        {
            log.NotChecked($"min.insync.replicas: {error.Error.Reason}");
        }
    }

    private static Task<T> LongAsync<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
