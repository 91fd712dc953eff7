namespace Reliability.Tests.Cost;

/// <summary>The files of a generated shop: business code as people write it, and four ways to talk to a broker, right and wrong.</summary>
internal static class ShopCode
{
    /// <summary>A file that has nothing to do with messages.</summary>
    public static string Business(int file) => $$"""
        using System;
        using System.Collections.Generic;
        using System.Globalization;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Shop.Area{{file % 40}};

        public sealed record Item{{file}}(Guid Id, string Name, decimal Price, int Stock);

        public interface IStore{{file}}
        {
            Task<Item{{file}}?> FindAsync(Guid id, CancellationToken cancellation);

            Task SaveAsync(Item{{file}} item, CancellationToken cancellation);
        }

        public sealed class Service{{file}}
        {
            private readonly IStore{{file}} _store;
            private readonly Dictionary<Guid, Item{{file}}> _known = new();
            private int _reads;

            public Service{{file}}(IStore{{file}} store) => _store = store ?? throw new ArgumentNullException(nameof(store));

            public int Reads => _reads;

            public async Task<decimal> TotalAsync(IEnumerable<Guid> ids, string currency, CancellationToken cancellation)
            {
                var total = 0m;
                foreach (var id in ids.Distinct())
                {
                    Interlocked.Increment(ref _reads);
                    if (!_known.TryGetValue(id, out var item))
                    {
                        item = await _store.FindAsync(id, cancellation).ConfigureAwait(false);
                        if (item is null)
                            continue;
                        _known[id] = item;
                    }

                    total += item.Price * Rate(currency);
                }

                return Math.Round(total, 2);
            }

            public async Task<bool> ReserveAsync(Guid id, int count, CancellationToken cancellation)
            {
                try
                {
                    var item = await _store.FindAsync(id, cancellation).ConfigureAwait(false);
                    if (item is not { Stock: > 0 } || item.Stock < count)
                        return false;

                    await _store.SaveAsync(item with { Stock = item.Stock - count }, cancellation).ConfigureAwait(false);
                    return true;
                }
                catch (InvalidOperationException error)
                {
                    Console.WriteLine($"item {id} of service {{file}}: {error.Message}");
                    return false;
                }
            }

            public string Describe() => string.Join(
                ", ",
                _known.Values.Where(item => item.Stock > {{file % 7}}).OrderBy(item => item.Name, StringComparer.Ordinal).Select(item => item.Name + ":" + item.Price.ToString(CultureInfo.InvariantCulture)));

            private static decimal Rate(string currency) => currency switch
            {
                "EUR" => 1m,
                "USD" => 1.1m,
                _ => throw new ArgumentOutOfRangeException(nameof(currency), currency, "unknown currency"),
            };
        }
        """;

    /// <summary>A publisher; one in three of them declares its queue so that a restart loses it.</summary>
    public static string RabbitMqPublisher(int file) => Business(file) + $$"""


        public sealed class Publisher{{file}} : IAsyncDisposable
        {
            private readonly RabbitMQ.Client.IConnection _connection;
            private RabbitMQ.Client.IChannel? _channel;

            public Publisher{{file}}(RabbitMQ.Client.IConnection connection) => _connection = connection;

            public async Task StartAsync(CancellationToken cancellation)
            {
                _channel = await _connection.CreateChannelAsync(new RabbitMQ.Client.CreateChannelOptions(true, true), cancellation);
                await RabbitMQ.Client.IChannelExtensions.QueueDeclareAsync(_channel, "orders.{{file}}", {{(file % 3 == 0 ? "false" : "true")}}, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellation);
            }

            public async Task SendAsync(Item{{file}} item, byte[] body, CancellationToken cancellation)
            {
                var properties = new RabbitMQ.Client.BasicProperties { Persistent = true, MessageId = item.Id.ToString() };
                for (var attempt = 0; attempt < 3; attempt++)
                {
                    try
                    {
                        await _channel!.BasicPublishAsync("", "orders.{{file}}", true, properties, body, cancellation);
                        return;
                    }
                    catch (TimeoutException) when (attempt < 2)
                    {
                        await Task.Delay(100, cancellation);
                    }
                }
            }

            public async ValueTask DisposeAsync()
            {
                if (_channel is { } channel)
                    await channel.DisposeAsync();
            }
        }
        """;

    /// <summary>A consumer; one in three of them has its messages acknowledged by themselves.</summary>
    public static string RabbitMqConsumer(int file) => Business(file) + $$"""


        public sealed class Consumer{{file}}
        {
            private readonly Service{{file}} _service;

            public Consumer{{file}}(Service{{file}} service) => _service = service;

            public async Task RunAsync(RabbitMQ.Client.IConnection connection, CancellationToken cancellation)
            {
                var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
                await channel.BasicQosAsync(0, 20, false, cancellation);
                var consumer = new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel);
                consumer.ReceivedAsync += async (_, delivery) =>
                {
                    try
                    {
                        var id = new Guid(delivery.Body.Span);
                        if (await _service.ReserveAsync(id, 1, cancellation))
                            await channel.BasicAckAsync(delivery.DeliveryTag, false, cancellation);
                        else
                            await channel.BasicNackAsync(delivery.DeliveryTag, false, !delivery.Redelivered, cancellation);
                    }
                    catch (FormatException error)
                    {
                        Console.WriteLine(error.Message);
                        await channel.BasicRejectAsync(delivery.DeliveryTag, false, cancellation);
                    }
                };
                await RabbitMQ.Client.IChannelExtensions.BasicConsumeAsync(channel, "orders.{{file}}", {{(file % 3 == 0 ? "true" : "false")}}, consumer, cancellation);
            }
        }
        """;

    /// <summary>A producer; one in three of them takes the leader's word.</summary>
    public static string KafkaProducer(int file) => Business(file) + $$"""


        public sealed class Producer{{file}} : IDisposable
        {
            private readonly Confluent.Kafka.IProducer<string, string> _producer;

            public Producer{{file}}(string servers)
            {
                var config = new Confluent.Kafka.ProducerConfig { BootstrapServers = servers, LingerMs = 5 };
                config.Acks = {{(file % 3 == 0 ? "Confluent.Kafka.Acks.Leader" : "Confluent.Kafka.Acks.All")}};
                config.EnableIdempotence = {{(file % 3 == 0 ? "false" : "true")}};
                _producer = new Confluent.Kafka.ProducerBuilder<string, string>(config).SetErrorHandler((_, error) => Console.WriteLine(error.Reason)).Build();
            }

            public async Task SendAsync(Item{{file}} item, CancellationToken cancellation)
            {
                var result = await _producer.ProduceAsync("orders", new Confluent.Kafka.Message<string, string> { Key = item.Id.ToString(), Value = item.Name }, cancellation);
                if (result.Status != Confluent.Kafka.PersistenceStatus.Persisted)
                    throw new InvalidOperationException("not persisted");
            }

            public void Dispose()
            {
                _producer.Flush(TimeSpan.FromSeconds(10));
                _producer.Dispose();
            }
        }
        """;

    /// <summary>A consumer; one in three of them commits on a timer.</summary>
    public static string KafkaConsumer(int file) => Business(file) + $$"""


        public sealed class Worker{{file}}
        {
            private readonly Service{{file}} _service;

            public Worker{{file}}(Service{{file}} service) => _service = service;

            public async Task RunAsync(string servers, CancellationToken cancellation)
            {
                var config = new Confluent.Kafka.ConsumerConfig
                {
                    BootstrapServers = servers,
                    GroupId = "shop",
                    EnableAutoCommit = {{(file % 3 == 0 ? "true" : "false")}},
                    AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
                };
                using var consumer = new Confluent.Kafka.ConsumerBuilder<string, string>(config).Build();
                consumer.Subscribe("orders");
                try
                {
                    while (!cancellation.IsCancellationRequested)
                    {
                        var record = consumer.Consume(cancellation);
                        if (record.IsPartitionEOF)
                            continue;

                        await _service.ReserveAsync(Guid.Parse(record.Message.Key), 1, cancellation);
                        consumer.Commit(record);
                    }
                }
                finally
                {
                    consumer.Close();
                }
            }
        }
        """;
}
