using Microsoft.Extensions.DependencyInjection;
using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.HandWritten;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Product;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class RelayAlone() : Scenario("relay", "The relay alone",
    "Messages of 400 bytes that wait in the outbox in PostgreSQL are claimed, published to a quorum queue with a confirm each, and removed; against publishing as many from memory, without any database.")
{
    public override async Task<Result> RunAsync(Bench bench)
    {
        var messages = bench.Messages(50_000);
        var result = new Result(this, messages, await bench.RunAsync(
        [
            new("raw", "by hand, pipelined confirms, no database", meter => RawAsync(bench, meter, messages)),
            new("c", "Reliability's relay", meter => RelayAsync(bench, meter, messages)) { Limit = "raw" },
        ]));
        return result.Aiming(new Target("relay: against raw pipelined confirms", result.Ratio("c", "raw"), 0.8));
    }

    private static async Task RawAsync(Bench bench, Meter meter, int messages)
    {
        await using var queues = await RabbitQueues.ConnectAsync((await bench.BrokerAsync()).Uri);
        await queues.RenewAsync(Queues.Invoices);
        var waiting = Payments.Of(messages).ToList();
        meter.Start();
        await queues.FillAsync(Queues.Invoices, waiting);
        meter.Stop(messages);
        await queues.CheckAsync("raw", messages, Queues.Invoices);
    }

    private static async Task RelayAsync(Bench bench, Meter meter, int messages)
    {
        await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
        await using var queues = await RabbitQueues.ConnectAsync((await bench.BrokerAsync()).Uri);
        await queues.RenewAsync(Queues.Invoices);
        using (var host = Service.Build(new Progress(0, meter), reliability => reliability.UsePostgreSql(database.ConnectionString).UseBroker(queues.Uri)))
        {
            await OutboxFiller.FillAsync(host.Services.GetRequiredService<IMessageStore>(), TransportNames.RabbitMq, Queues.Invoices, Payments.Of(messages));
            await host.StartAsync();
            var before = await queues.FirstAsync(Queues.Invoices);
            meter.Start();
            await queues.WaitForAsync(Queues.Invoices, messages);
            await database.WaitUntilSentAsync();
            meter.Stop(messages - before);
            await host.StopAsync();
        }

        await queues.CheckAsync("relay", messages, Queues.Invoices);
    }
}
