using System.Globalization;
using System.Text;

namespace Reliability.Tests.Services;

/// <summary>
/// librdkafka's own mock cluster: real sockets and the real protocol (metadata, produce, fetch, groups, offset commits), kept in memory. A topic that is
/// asked for exists, with 4 partitions; <see cref="CreateTopic"/> gives it another number.
/// </summary>
public sealed class MockKafkaCluster : IDisposable
{
    private readonly IntPtr _client;
    private readonly IntPtr _cluster;
    private bool _disposed;

    private MockKafkaCluster(IntPtr client, IntPtr cluster)
    {
        _client = client;
        _cluster = cluster;
        BootstrapServers = LibrdkafkaMock.Text(LibrdkafkaMock.rd_kafka_mock_cluster_bootstraps(cluster));
    }

    public string BootstrapServers { get; }

    /// <exception cref="InvalidOperationException">librdkafka would not start it.</exception>
    public static MockKafkaCluster Start(int brokers = 1)
    {
        var error = new byte[512];
        var settings = LibrdkafkaMock.rd_kafka_conf_new();
        // The client that carries the cluster connects to nothing, and would warn of that.
        LibrdkafkaMock.rd_kafka_conf_set(settings, "log_level", "3", error, (nuint)error.Length);
        var client = LibrdkafkaMock.rd_kafka_new(LibrdkafkaMock.Producer, settings, error, (nuint)error.Length);
        if (client == IntPtr.Zero)
        {
            throw new InvalidOperationException($"librdkafka made no client: {Encoding.UTF8.GetString(error).TrimEnd('\0')}");
        }

        var cluster = LibrdkafkaMock.rd_kafka_mock_cluster_new(client, brokers);
        if (cluster == IntPtr.Zero)
        {
            LibrdkafkaMock.rd_kafka_destroy(client);
            throw new InvalidOperationException($"librdkafka made no mock cluster of {brokers} brokers");
        }

        // A real broker waits 3 s for more members of a new group; tests need not.
        LibrdkafkaMock.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 100);
        return new(client, cluster);
    }

    public void CreateTopic(string topic, int partitions) => Check(
        LibrdkafkaMock.rd_kafka_mock_topic_create(_cluster, topic, partitions, 1), $"topic '{topic}' was not created");

    public void DeleteTopic(string topic) => Check(LibrdkafkaMock.rd_kafka_mock_topic_delete(_cluster, topic), $"topic '{topic}' was not deleted");

    /// <summary>Answers every request for this topic with an error of the protocol; 0: no more.</summary>
    public void FailTopic(string topic, int error) => LibrdkafkaMock.rd_kafka_mock_topic_set_error(_cluster, topic, error);

    /// <summary>Answers the next requests of one kind with these errors of the protocol.</summary>
    public void FailNext(KafkaRequest request, params int[] errors) =>
        LibrdkafkaMock.rd_kafka_mock_push_request_errors_array(_cluster, (short)request, (nuint)errors.Length, errors);

    /// <summary>Closes a broker's connections and port.</summary>
    /// <param name="broker">From 1.</param>
    public void SetDown(int broker) => Check(LibrdkafkaMock.rd_kafka_mock_broker_set_down(_cluster, broker), $"broker {broker} stayed up");

    /// <param name="broker">From 1.</param>
    public void SetUp(int broker) => Check(LibrdkafkaMock.rd_kafka_mock_broker_set_up(_cluster, broker), $"broker {broker} stayed down");

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            LibrdkafkaMock.rd_kafka_mock_cluster_destroy(_cluster);
            LibrdkafkaMock.rd_kafka_destroy(_client);
        }
    }

    private static void Check(int error, string otherwise)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"{otherwise}: librdkafka error {error.ToString(CultureInfo.InvariantCulture)}");
        }
    }
}

/// <summary>Requests of the Kafka protocol, by their numbers.</summary>
public enum KafkaRequest
{
    Produce = 0,
    Fetch = 1,
    Metadata = 3,
    OffsetCommit = 8,
    Heartbeat = 12,
    InitProducerId = 22,
}
