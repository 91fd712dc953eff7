using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Reliability.Tests.Services;

/// <summary>
/// A real Kafka of three nodes (KRaft) on loopback ports, from the distribution that <c>KAFKA_HOME</c> names: replication factor 3,
/// <c>min.insync.replicas</c> 2, topics are not created by themselves. Its data are deleted with it.
/// </summary>
public sealed class KafkaCluster : IAsyncDisposable
{
    private const int Nodes = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("reliability-kafka-").FullName;
    private readonly List<KafkaNode> _nodes = [];
    private readonly IAdminClient _admin;

    private KafkaCluster(string bootstrapServers)
    {
        BootstrapServers = bootstrapServers;
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>The distribution; null where <c>KAFKA_HOME</c> names none.</summary>
    public static string? Home => Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } home
        && File.Exists(Path.Combine(home, "bin", "kafka-server-start.sh")) ? home : null;

    public string BootstrapServers { get; }

    /// <exception cref="InvalidOperationException">There is no distribution, or it does not start; the message has the end of its log.</exception>
    public static async Task<KafkaCluster> StartAsync(CancellationToken cancellationToken)
    {
        var home = Home ?? throw new InvalidOperationException("KAFKA_HOME names no Kafka");
        var ports = FreePorts(2 * Nodes);
        var cluster = new KafkaCluster(string.Join(',', Enumerable.Range(0, Nodes).Select(node => $"127.0.0.1:{ports[node]}")));
        var id = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', 'a').Replace('/', 'b');
        for (var node = 0; node < Nodes; node++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(cluster._folder, $"{node + 1}")).FullName;
            cluster._nodes.Add(new KafkaNode(home, folder));
            await File.WriteAllTextAsync(cluster._nodes[node].Settings, SettingsOf(node, ports, folder), cancellationToken);
        }

        await Task.WhenAll(cluster._nodes.Select(node => node.FormatAsync(id, cancellationToken)));
        await Task.WhenAll(cluster._nodes.Select(node => node.StartAsync(cancellationToken)));
        await cluster.WaitForNodesAsync(Nodes, cancellationToken);
        return cluster;
    }

    public async Task CreateTopicAsync(string topic, int partitions, int maxMessageBytes, CancellationToken cancellationToken, int minInSync = 2)
    {
        await _admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = topic,
                NumPartitions = partitions,
                ReplicationFactor = Nodes,
                Configs = new Dictionary<string, string> { ["max.message.bytes"] = $"{maxMessageBytes}", ["min.insync.replicas"] = $"{minInSync}" },
            },
        ]);
        while (_admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.All(known => known.Topic != topic || known.Partitions.Count < partitions))
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    public async Task DeleteTopicAsync(string topic, CancellationToken cancellationToken)
    {
        await _admin.DeleteTopicsAsync([topic]);
        while (_admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Any(known => known.Topic == topic))
        {
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <returns>The node, from 1.</returns>
    public int LeaderOf(string topic, int partition) =>
        _admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics[0].Partitions.Single(known => known.PartitionId == partition).Leader;

    /// <summary>SIGKILL: nothing is flushed, no connection is closed in order. The data stay.</summary>
    /// <param name="node">From 1.</param>
    public void Kill(int node) => _nodes[node - 1].Kill();

    /// <summary>Starts a killed node over its own data.</summary>
    /// <param name="node">From 1.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public async Task RestartAsync(int node, CancellationToken cancellationToken)
    {
        await _nodes[node - 1].StartAsync(cancellationToken);
        await WaitForNodesAsync(Nodes, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _admin.Dispose();
        _nodes.ForEach(node => node.Dispose());
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task WaitForNodesAsync(int count, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            while (CountNodes() < count)
            {
                await Task.Delay(200, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var log = string.Join(Environment.NewLine, File.ReadLines(_nodes[0].Log).TakeLast(10));
            throw new InvalidOperationException($"Kafka's {count} nodes did not join within {StartLimit}. The log of node 1 ends: {log}");
        }
    }

    private int CountNodes()
    {
        try
        {
            return _admin.GetMetadata(TimeSpan.FromSeconds(5)).Brokers.Count;
        }
        catch (KafkaException)
        {
            // No node answers yet.
            return 0;
        }
    }

    private static string SettingsOf(int node, int[] ports, string folder) => $"""
        process.roles=broker,controller
        node.id={node + 1}
        listeners=PLAINTEXT://127.0.0.1:{ports[node]},CONTROLLER://127.0.0.1:{ports[Nodes + node]}
        advertised.listeners=PLAINTEXT://127.0.0.1:{ports[node]}
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
        controller.quorum.voters={string.Join(',', Enumerable.Range(0, Nodes).Select(voter => $"{voter + 1}@127.0.0.1:{ports[Nodes + voter]}"))}
        log.dirs={Path.Combine(folder, "data")}
        auto.create.topics.enable=false
        default.replication.factor=3
        min.insync.replicas=2
        offsets.topic.replication.factor=3
        offsets.topic.num.partitions=5
        transaction.state.log.replication.factor=3
        transaction.state.log.min.isr=2
        group.initial.rebalance.delay.ms=0
        """;

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return [.. ports];
    }
}
