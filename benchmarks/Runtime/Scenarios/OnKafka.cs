using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.HandWritten;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Product;
using Reliability.Tests.Services;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class OnKafka() : Scenario("kafka", "From Kafka through PostgreSQL to Kafka",
    "As through, from one topic to another, of eight partitions each. On librdkafka's mock cluster, whose work counts as the client's; on three real nodes where KAFKA_HOME names a Kafka.")
{
    public override async Task<Result> RunAsync(Bench bench)
    {
        var messages = bench.Messages(20_000);
        await using var cluster = KafkaCluster.Home is null ? null : await KafkaCluster.StartAsync(CancellationToken.None);
        if (cluster is not null)
            await cluster.CreateTopicAsync(Queues.Invoices, KafkaTopics.Partitions, maxMessageBytes: 1_000_000, CancellationToken.None);

        var result = new Result(this, messages, await bench.RunAsync(
        [
            ByHand("a", "by hand, one transaction a message, 8 consumers", workers: 8, group: 1, batched: false),
            ByHand("b", "by hand, groups, each message its own insert", workers: 2, group: 200, batched: false),
            ByHand("b batch", "by hand, groups, inserts as a batch", workers: 2, group: 200, batched: true),
            Product("c", "Reliability, handler with a transaction", Queues.Payments) with { Limit = "b" },
            Product("c batch", "Reliability, handler with a DbBatch", Queues.PaymentsBatched) with { Limit = "b batch" },
        ]));
        return result.Aiming(
            new("Kafka: against one transaction a message, by hand", result.Ratio("c", "a"), 4),
            new("Kafka: against the grouped sketch", result.Ratio("c", "b"), 0.85),
            new("Kafka: against the grouped sketch, inserts as a batch", result.Ratio("c batch", "b batch"), 0.85));

        Contender ByHand(string key, string name, int workers, int group, bool batched) => new(key, name, meter => RunAsync(key, async (database, topics, from) =>
        {
            await using var ledger = await database.CreateLedgerAsync();
            await new KafkaLoop(topics, ledger, from, group, batched, meter).RunAsync(messages, workers);
        }));

        Contender Product(string key, string name, string source) => new(key, name, meter => RunAsync(key, async (database, topics, from) =>
        {
            var progress = new Progress(messages, meter);
            using var host = Service.Build(progress, reliability =>
            {
                HandlerDescriptor handler = null!;
                reliability.UsePostgreSql(database.ConnectionString)
                    .UseKafka(topics.BootstrapServers, Guid.NewGuid().ToString("N"), options => options.Topics = KafkaTopicCheck.Trust)
                    .AddHandlers(known =>
                    {
                        if (known.Transport == TransportNames.Kafka && known.Source == source)
                            handler = known;

                        return false;
                    });
                reliability.AddHandler(handler with { Source = from });
            });
            await host.StartAsync();
            await progress.AllBegun;
            while (topics.Count(Queues.Invoices) < messages)
                await Task.Delay(20);

            await database.WaitUntilSentAsync();
            meter.Stop(messages);
            await host.StopAsync();
        }));

        async Task RunAsync(string contender, Func<RunDatabase, KafkaTopics, string, Task> runAsync)
        {
            await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
            using var topics = KafkaTopics.On(cluster);
            // A topic of its own, since offsets of a real cluster outlive the run.
            var from = $"payments-{Guid.NewGuid():N}";
            await topics.CreateAsync(from);
            topics.OpenOrCreate(Queues.Invoices);
            topics.Fill(from, Payments.Of(messages));
            await runAsync(database, topics, from);
            await database.CheckAsync(contender, messages);
            topics.Check(contender, Queues.Invoices, messages);
        }
    }
}
