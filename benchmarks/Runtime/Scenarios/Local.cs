using Microsoft.Extensions.DependencyInjection;
using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.HandWritten;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Product;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class Local() : Scenario("local", "Handling over local queues on PostgreSQL",
    "A message of 400 bytes leaves a queue that lives in the database; a business row and an inbox row are committed with that. No broker.")
{
    public override async Task<Result> RunAsync(Bench bench)
    {
        var messages = bench.Messages(20_000);
        var contenders = await bench.RunAsync(
        [
            ByHand("a", "by hand, one transaction a message, 8 workers", queue => queue.OneByOneAsync(8)),
            ByHand("b", "by hand, groups, each message its own insert", queue => queue.GroupedAsync(2, batched: false)),
            ByHand("b batch", "by hand, groups, inserts as a batch", queue => queue.GroupedAsync(2, batched: true)),
            Product("c single", "Reliability, Group = 1", LocalBilling.Single) with { Limit = "a" },
            Product("c", "Reliability, handler with a transaction", LocalBilling.Grouped) with { Limit = "b" },
            Product("c batch", "Reliability, handler with a DbBatch", LocalBilling.Batched) with { Limit = "b batch" },
        ]);
        return new Result(this, messages, contenders);

        Contender ByHand(string key, string name, Func<TableQueue, Task> runAsync) => new(key, name, async meter =>
        {
            await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
            await PostgreSqlLedger.CreateAsync(database.Source);
            var queue = new TableQueue(database.Source, meter);
            await queue.FillAsync(Payments.Of(messages));
            await runAsync(queue);
            meter.Stop(messages);
            await database.CheckAsync(name, messages);
        });

        Contender Product(string key, string name, string queue) => new(key, name, async meter =>
        {
            await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
            var progress = new Progress(messages, meter);
            using (var host = Service.Build(progress, reliability => reliability
                .UsePostgreSql(database.ConnectionString).AddHandler(TransportNames.Local, queue)))
            {
                await OutboxFiller.FillAsync(host.Services.GetRequiredService<IMessageStore>(), TransportNames.Local, queue, Payments.Of(messages));
                await host.StartAsync();
                await progress.AllBegun;
                await database.WaitUntilSentAsync();
                meter.Stop(messages);
                await host.StopAsync();
            }

            await database.CheckAsync(name, messages);
        });
    }
}
