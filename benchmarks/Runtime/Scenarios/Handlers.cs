using System.Globalization;
using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.HandWritten;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Product;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class Handlers() : Scenario("handlers", "Many handlers in one process",
    "As through, with the messages spread evenly over so many queues, each with a handler of its own.")
{
    public override async Task<Result> RunAsync(Bench bench)
    {
        var messages = bench.Messages(10_000) / 100 * 100;
        return new Result(this, messages, await bench.RunAsync([Of(1), Of(10), Of(100)]));

        Contender Of(int handlers) => new(
            handlers.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"Reliability, {handlers} handlers"),
            meter => RunAsync(bench, meter, messages, handlers));
    }

    private static async Task RunAsync(Bench bench, Meter meter, int messages, int handlers)
    {
        var sources = Enumerable.Range(0, handlers).Select(number => string.Create(CultureInfo.InvariantCulture, $"payments-{number:D3}")).ToList();
        await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
        await using var queues = await RabbitQueues.ConnectAsync((await bench.BrokerAsync()).Uri);
        await queues.RenewAsync([.. sources, Queues.Invoices]);
        foreach (var source in sources)
            await queues.FillAsync(source, Payments.Of(messages / handlers));

        var progress = new Progress(messages, meter);
        using (var host = Service.Build(progress, reliability =>
        {
            HandlerDescriptor handler = null!;
            reliability.UsePostgreSql(database.ConnectionString).UseBroker(queues.Uri).AddHandlers(known =>
            {
                if (known.Transport == TransportNames.RabbitMq && known.Source == Queues.Payments)
                    handler = known;

                return false;
            });
            foreach (var source in sources)
                reliability.AddHandler(handler with { Name = source, Source = source });
        }))
        {
            await host.StartAsync();
            await progress.AllBegun;
            await queues.WaitForAsync(Queues.Invoices, messages);
            await database.WaitUntilSentAsync();
            meter.Stop(messages);
            await host.StopAsync();
        }

        await database.CheckAsync($"{handlers} handlers", messages);
        await queues.CheckAsync($"{handlers} handlers", messages, Queues.Invoices, [.. sources]);
        await queues.DeleteAsync(sources);
    }
}
