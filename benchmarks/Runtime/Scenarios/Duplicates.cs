using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.HandWritten;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Product;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class Duplicates() : Scenario("duplicates", "A stream of duplicates",
    "Every message was handled before and comes once more: it is found in the inbox and acked.")
{
    public override async Task<Result> RunAsync(Bench bench)
    {
        var messages = bench.Messages(20_000);
        var result = new Result(this, messages, await bench.RunAsync(
        [
            new("a", "by hand, one transaction a message, 16 workers", meter => ByHandAsync(bench, meter, messages, (queues, ledger, duplicates, of) =>
                new OneByOneLoop(queues, ledger, of).RunAsync(messages, workers: 16, duplicates))),
            new("b", "by hand, groups", meter => ByHandAsync(bench, meter, messages, (queues, ledger, duplicates, of) =>
                new GroupedLoop(queues, ledger, batched: true, of).RunAsync(messages, workers: 2, duplicates))),
            new("c", "Reliability", meter => ProductAsync(bench, meter, messages)) { Limit = "b" },
        ]));
        return result.Aiming(
            new("duplicates: against one transaction a message, by hand", result.Ratio("c", "a"), 4),
            new("duplicates: against the grouped sketch", result.Ratio("c", "b"), 0.85));
    }

    private static async Task ByHandAsync(Bench bench, Meter meter, int messages, Func<RabbitQueues, ILedger, bool, Meter, Task> runAsync)
    {
        await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
        await using var queues = await RabbitQueues.ConnectAsync((await bench.BrokerAsync()).Uri);
        await queues.RenewAsync(Queues.Payments, Queues.Invoices);
        await using var ledger = await database.CreateLedgerAsync();
        var payments = Payments.Of(messages).ToList();
        await queues.FillAsync(Queues.Payments, payments);
        await runAsync(queues, ledger, false, new Meter());
        await queues.FillAsync(Queues.Payments, payments);
        await runAsync(queues, ledger, true, meter);
        meter.Stop(messages);
        await CheckAsync(database, queues, messages);
    }

    private static async Task ProductAsync(Bench bench, Meter meter, int messages)
    {
        await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
        await using var queues = await RabbitQueues.ConnectAsync((await bench.BrokerAsync()).Uri);
        await queues.RenewAsync(Queues.Payments, Queues.Invoices);
        var payments = Payments.Of(messages).ToList();
        await queues.FillAsync(Queues.Payments, payments);
        var progress = new Progress(messages, new Meter());
        using (var host = Service.Build(progress, reliability => reliability
            .UsePostgreSql(database.ConnectionString).UseBroker(queues.Uri).AddHandler(TransportNames.RabbitMq, Queues.Payments)))
        {
            await host.StartAsync();
            await progress.AllBegun;
            await queues.WaitForAsync(Queues.Invoices, messages);
            await database.WaitUntilSentAsync();
            await host.StopAsync();
        }

        await queues.FillAsync(Queues.Payments, payments);
        using (var host = Service.Build(progress, reliability => reliability
            .UsePostgreSql(database.ConnectionString).UseBroker(queues.Uri).AddHandler(TransportNames.RabbitMq, Queues.Payments)))
        {
            await host.StartAsync();
            while (await queues.CountAsync(Queues.Payments) == messages)
                await Task.Delay(1);

            meter.Start();
            while (await database.CountDuplicatesAsync() < messages)
                await Task.Delay(5);

            meter.Stop(messages);
            await host.StopAsync();
        }

        await CheckAsync(database, queues, messages);
    }

    private static async Task CheckAsync(RunDatabase database, RabbitQueues queues, int messages)
    {
        await database.CheckAsync("duplicates", messages);
        await queues.CheckAsync("duplicates", messages, Queues.Invoices, Queues.Payments);
    }
}
