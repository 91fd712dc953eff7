using Confluent.Kafka;
using Reliability.Conformance;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>Topics of one partition, since the suites look at the order of messages without a key.</summary>
internal sealed class MockKafkaPlace : IRoutedTransportPlace, ICuttableTransportPlace
{
    private readonly MockKafkaCluster _cluster = MockKafkaCluster.Start();
    private readonly LogLines _log = new();

    public bool MarksRedelivered => true;

    public bool MarksFirst => true;

    public string RouteToNowhere { get; } = "nowhere";

    public ValueTask<ITransport> OpenAsync(int maxBodyBytes)
    {
        _cluster.FailTopic(RouteToNowhere, (int)ErrorCode.UnknownTopicOrPart);
        var options = new KafkaOptions
        {
            BootstrapServers = _cluster.BootstrapServers,
            GroupId = "conformance",
            MaxBodyBytes = maxBodyBytes,
            Topics = KafkaTopicCheck.Trust,
        };
        options.Client["topic.metadata.propagation.max.ms"] = "500";
        options.Client["reconnect.backoff.max.ms"] = "500";
        // The mock cluster lets a member that leaves wait out its session.
        options.Client["session.timeout.ms"] = "2000";
        options.Client["heartbeat.interval.ms"] = "500";
        return ValueTask.FromResult<ITransport>(new KafkaTransport(options, TimeProvider.System, _log));
    }

    public string NewSource()
    {
        var topic = $"conformance-{Guid.NewGuid():N}";
        _cluster.CreateTopic(topic, 1);
        return topic;
    }

    public ValueTask CutConnectionsAsync()
    {
        _cluster.SetDown(1);
        _cluster.SetUp(1);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _cluster.Dispose();
        return ValueTask.CompletedTask;
    }
}
