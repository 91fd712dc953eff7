using System.Threading.Channels;
using RabbitMQ.Client;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>A message as it came.</summary>
internal readonly record struct Incoming(ulong Tag, string Id, byte[] Body);

/// <summary>A consumer on a channel of its own, with explicit acks.</summary>
internal sealed class RawConsumer : AsyncDefaultBasicConsumer, IAsyncDisposable
{
    private readonly Channel<Incoming> _deliveries = System.Threading.Channels.Channel.CreateUnbounded<Incoming>();

    private RawConsumer(IChannel channel) : base(channel)
    {
    }

    public ChannelReader<Incoming> Deliveries => _deliveries.Reader;

    public static async Task<RawConsumer> OpenAsync(IConnection connection, string queue, ushort prefetch)
    {
        var channel = await connection.CreateChannelAsync();
        var consumer = new RawConsumer(channel);
        await channel.BasicQosAsync(prefetchSize: 0, prefetch, global: false);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        return consumer;
    }

    public ValueTask AckAsync(ulong tag, bool multiple = false) => Channel.BasicAckAsync(tag, multiple);

    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        // The client takes the body's memory back.
        _deliveries.Writer.TryWrite(new Incoming(deliveryTag, properties.MessageId!, body.ToArray()));
        return Task.CompletedTask;
    }

    /// <summary>Nothing more comes: those who read end.</summary>
    public void Complete() => _deliveries.Writer.TryComplete();

    public ValueTask DisposeAsync() => Channel.DisposeAsync();
}
