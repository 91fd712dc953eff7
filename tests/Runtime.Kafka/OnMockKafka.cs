using System.Text;
using Confluent.Kafka;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>A mock cluster of its own for every test, and short ways to send, receive and look.</summary>
public abstract class OnMockKafka : IAsyncDisposable
{
    protected const string Group = "billing";
    private readonly List<KafkaTransport> _transports = [];

    protected MockKafkaCluster Cluster { get; } = MockKafkaCluster.Start();

    internal LogLines Log { get; } = new();

    /// <summary>The mock cluster has no controller that would describe topics; real ids are asked for in <see cref="RealPositionTests"/>.</summary>
    internal GivenTopicIds TopicIds { get; } = new();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var transport in _transports)
        {
            await transport.DisposeAsync();
        }

        Cluster.Dispose();
    }

    internal KafkaOptions Options(Action<KafkaOptions>? configure = null)
    {
        var options = new KafkaOptions { BootstrapServers = Cluster.BootstrapServers, GroupId = Group, Topics = KafkaTopicCheck.Trust };
        // The mock cluster lets a member that leaves wait out its session.
        options.Client["session.timeout.ms"] = "2000";
        options.Client["heartbeat.interval.ms"] = "500";
        configure?.Invoke(options);
        return options;
    }

    internal async Task<KafkaTransport> StartAsync(Action<KafkaOptions>? configure = null, params string[] topics)
    {
        var transport = new KafkaTransport(Options(configure), TimeProvider.System, Log) { TopicIds = _ => TopicIds };
        _transports.Add(transport);
        await transport.StartAsync(new Topology(topics, []), Cancel);
        return transport;
    }

    protected static OutgoingMessage Message(string topic, string id, string? key = null, string body = "{}") =>
        new(topic, new Envelope { MessageId = id, MessageName = "OrderPaid", Key = key, Body = Encoding.UTF8.GetBytes(body) });

    internal static async Task SendAsync(KafkaTransport transport, string topic, IEnumerable<string> ids, string? key = "one")
    {
        var outcomes = await Task.WhenAll(ids.Select(id => transport.PublishAsync(Message(topic, id, key), Cancel)));
        Assert.All(outcomes, outcome => Assert.Equal(PublishOutcome.Confirmed, outcome));
    }

    /// <summary>Sends a record as another program would.</summary>
    protected async Task ProduceAsync(string topic, Message<byte[], byte[]> message)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = Cluster.BootstrapServers }).Build();
        await producer.ProduceAsync(topic, message, Cancel);
    }

    internal static async Task<ISubscription> SubscribeAsync(KafkaTransport transport, string topic, int prefetch = 100) =>
        await transport.SubscribeAsync(new SubscriptionRequest(topic, prefetch), Cancel);

    protected static async Task<List<Delivery>> ReadAsync(ISubscription subscription, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Eventually.Long);
        var read = new List<Delivery>();
        try
        {
            while (read.Count < count)
            {
                read.Add(await subscription.Deliveries.ReadAsync(limit.Token));
            }
        }
        catch (OperationCanceledException) when (!Cancel.IsCancellationRequested)
        {
            Assert.Fail($"Expected {count} deliveries, but after {Eventually.Long.TotalSeconds} s there are {read.Count}: {string.Join(", ", Ids(read))}");
        }

        return read;
    }

    protected static IEnumerable<string> Ids(IEnumerable<Delivery> deliveries) => deliveries.Select(delivery => delivery.Envelope.MessageId);

    /// <summary>What the broker has as the group's offset; null: none.</summary>
    protected long? Committed(string topic, int partition = 0)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = Cluster.BootstrapServers, GroupId = Group }).Build();
        var offset = consumer.Committed([new TopicPartition(topic, partition)], TimeSpan.FromSeconds(10))[0].Offset;
        return offset == Offset.Unset ? null : offset.Value;
    }
}
