using RabbitMQ.Client;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>The queues of one run, and what is in them. Quorum queues, as by default in the product.</summary>
internal sealed class RabbitQueues(Uri broker) : IAsyncDisposable
{
    private static readonly Dictionary<string, object?> Quorum = new() { ["x-queue-type"] = "quorum" };

    private IConnection _connection = null!;
    private IChannel _channel = null!;

    public Uri Uri => broker;

    public static async Task<RabbitQueues> ConnectAsync(Uri broker)
    {
        var queues = new RabbitQueues(broker);
        queues._connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        queues._channel = await queues._connection.CreateChannelAsync();
        return queues;
    }

    public Task<IConnection> OpenConnectionAsync() => new ConnectionFactory { Uri = broker }.CreateConnectionAsync();

    /// <summary>Makes queues anew: nothing is left of an earlier run.</summary>
    public async Task RenewAsync(params IEnumerable<string> queues)
    {
        foreach (var queue in queues)
        {
            await _channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
            await _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Quorum, passive: false, noWait: false);
        }
    }

    /// <summary>Publishes messages to a queue, and returns when all are confirmed.</summary>
    public async Task FillAsync(string queue, IEnumerable<Outgoing> messages)
    {
        await using var publisher = await RawPublisher.OpenAsync(_connection, queue, nameof(PaymentTaken), window: 1000);
        foreach (var message in messages)
            await publisher.SendAsync(message, static () => { });

        await publisher.AllConfirmedAsync();
    }

    public async Task<uint> CountAsync(string queue) => (await _channel.QueueDeclarePassiveAsync(queue)).MessageCount;

    /// <summary>Returns when a queue has taken its first messages: how many.</summary>
    public async Task<int> FirstAsync(string queue)
    {
        while (true)
        {
            if (await CountAsync(queue) is > 0 and var messages)
                return (int)messages;

            await Task.Delay(1);
        }
    }

    /// <summary>Returns when a queue has taken so many messages.</summary>
    public async Task WaitForAsync(string queue, int messages)
    {
        while (await CountAsync(queue) < messages)
            await Task.Delay(10);
    }

    public async Task DeleteAsync(IEnumerable<string> queues)
    {
        foreach (var queue in queues)
            await _channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
    }

    /// <summary>Takes out as many messages as there should be and checks that none is missing, doubled or left over, and that nothing is left to be handled.</summary>
    public async Task CheckAsync(string contender, int messages, string to, params IReadOnlyList<string> from)
    {
        foreach (var queue in from)
        {
            if (await _channel.BasicGetAsync(queue, autoAck: true) is not null)
                throw new InvalidOperationException($"{contender}: a message was left in '{queue}'.");
        }

        var ids = new HashSet<string>();
        var received = 0;
        await using (var consumer = await RawConsumer.OpenAsync(_connection, to, prefetch: 5000))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (received < messages && await consumer.Deliveries.WaitToReadAsync(patience.Token))
            {
                while (consumer.Deliveries.TryRead(out var delivery))
                {
                    received++;
                    ids.Add(delivery.Id);
                    if (received % 1000 == 0 || received == messages)
                        await consumer.AckAsync(delivery.Tag, multiple: true);
                }
            }
        }

        var left = await CountAsync(to);
        if (ids.Count != messages || received != messages || left > 0)
            throw new InvalidOperationException($"{contender}: {received + left:N0} messages sent of {messages:N0}, {ids.Count:N0} different ones.");
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
