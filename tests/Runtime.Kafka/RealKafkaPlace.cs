using Reliability.Conformance;

namespace Reliability.Tests;

/// <summary>Topics of one partition on three nodes.</summary>
internal sealed class RealKafkaPlace(RealKafka kafka) : IRoutedTransportPlace
{
    private readonly LogLines _log = new();
    private readonly string _group = $"conformance-{Guid.NewGuid():N}";
    private readonly Queue<string> _toCreate = new();

    public bool MarksRedelivered => true;

    public bool MarksFirst => true;

    public string RouteToNowhere => "nowhere";

    public async ValueTask<ITransport> OpenAsync(int maxBodyBytes)
    {
        var cluster = kafka.Cluster;
        while (_toCreate.TryDequeue(out var topic))
        {
            await cluster.CreateTopicAsync(topic, 1, maxBodyBytes + 100_000, TestContext.Current.CancellationToken);
        }

        var options = new KafkaOptions { BootstrapServers = cluster.BootstrapServers, GroupId = _group, MaxBodyBytes = maxBodyBytes };
        options.Client["topic.metadata.propagation.max.ms"] = "500";
        return new KafkaTransport(options, TimeProvider.System, _log);
    }

    public string NewSource()
    {
        var topic = $"conformance-{Guid.NewGuid():N}";
        _toCreate.Enqueue(topic);
        return topic;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
