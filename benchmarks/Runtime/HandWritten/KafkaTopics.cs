using Confluent.Kafka;
using Reliability.Tests.Services;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>The topics of one run: on a real cluster of three nodes where KAFKA_HOME names a Kafka, else on librdkafka's own in this process.</summary>
internal sealed class KafkaTopics(string bootstrapServers, MockKafkaCluster? mock, KafkaCluster? real) : IDisposable
{
    public const int Partitions = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, long> _before = [];

    public string BootstrapServers => bootstrapServers;

    public static KafkaTopics On(KafkaCluster? cluster)
    {
        if (cluster is not null)
            return new KafkaTopics(cluster.BootstrapServers, null, cluster);

        var mock = MockKafkaCluster.Start();
        return new KafkaTopics(mock.BootstrapServers, mock, null);
    }

    public async Task CreateAsync(string topic)
    {
        mock?.CreateTopic(topic, Partitions);
        if (real is not null)
            await real.CreateTopicAsync(topic, Partitions, maxMessageBytes: 1_000_000, CancellationToken.None);

        Open(topic);
    }

    /// <summary>A topic that a real cluster has from earlier runs: what it has taken before does not count.</summary>
    public void OpenOrCreate(string topic)
    {
        mock?.CreateTopic(topic, Partitions);
        Open(topic);
    }

    /// <summary>Produces messages, and returns when all are acknowledged.</summary>
    public void Fill(string topic, IEnumerable<Outgoing> messages)
    {
        using var producer = Producer();
        foreach (var (message, number) in messages.Select((message, number) => (message, number)))
            producer.Produce(new TopicPartition(topic, number % Partitions), new Message<Null, byte[]> { Value = message.Body });

        producer.Flush();
    }

    /// <summary>How many messages a topic has taken in this run.</summary>
    public long Count(string topic) => End(topic).Sum(partition => partition.Offset) - _before[topic];

    /// <summary>Reads what a topic has taken in this run.</summary>
    /// <exception cref="InvalidOperationException">A message is missing or doubled.</exception>
    public void Check(string contender, string topic, int messages)
    {
        using var consumer = Consumer($"check-{Guid.NewGuid():N}");
        var end = End(topic);
        consumer.Assign(end.Select(partition => new TopicPartitionOffset(topic, partition.Partition, Offset.Beginning)));
        var payments = new List<string>();
        for (var left = end.Sum(partition => partition.Offset); left > 0; left--)
        {
            var record = consumer.Consume(Patience) ?? throw new InvalidOperationException($"{contender}: '{topic}' gives no more, {left:N0} records before its end.");
            payments.Add(System.Text.Encoding.UTF8.GetString(record.Message.Value));
        }

        var here = payments.Count - _before[topic];
        if (here != messages || payments.Distinct().Count() != payments.Count)
            throw new InvalidOperationException($"{contender}: {here:N0} messages sent of {messages:N0}, {payments.Count - payments.Distinct().Count():N0} doubled.");
    }

    public IProducer<Null, byte[]> Producer() => new ProducerBuilder<Null, byte[]>(
        new ProducerConfig { BootstrapServers = bootstrapServers, Acks = Acks.All, EnableIdempotence = true, LingerMs = 1 }).Build();

    /// <summary>A consumer that commits only what it is told was handled.</summary>
    public IConsumer<Ignore, byte[]> Consumer(string group) => new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
    {
        BootstrapServers = bootstrapServers,
        GroupId = group,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Earliest,
    }).SetLogHandler(static (_, _) => { }).Build();

    public void Dispose() => mock?.Dispose();

    private void Open(string topic) => _before[topic] = End(topic).Sum(partition => partition.Offset);

    private List<(int Partition, long Offset)> End(string topic)
    {
        using var consumer = Consumer($"end-{Guid.NewGuid():N}");
        return [.. Enumerable.Range(0, Partitions).Select(partition => (partition, consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), Patience).High.Value))];
    }
}
