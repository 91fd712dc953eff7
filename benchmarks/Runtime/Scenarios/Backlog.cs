using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.HandWritten;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Product;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class Backlog() : Scenario("backlog", "A backlog in the outbox",
    "The relay's rate over its first messages where few wait, and where a million wait: 400 bytes each, in PostgreSQL, as after an outage of the broker.")
{
    private const double MostMemory = 200e6;

    public override async Task<Result> RunAsync(Bench bench)
    {
        var (few, many) = (bench.Messages(100_000), bench.Messages(1_000_000));
        var result = new Result(this, few, await bench.RunAsync(
        [
            new("few", Name(few), meter => RunAsync(bench, meter, few, few)),
            new("many", Name(many), meter => RunAsync(bench, meter, many, few)) { Limit = "few" },
        ], mostRounds: 2));
        return result.Aiming(
            new("backlog: rate with many waiting against few", result.Ratio("many", "few"), 0.9),
            new("backlog: peak memory with many waiting", result["many"]?.PeakMemory / 1e6, MostMemory / 1e6, AtMost: true, Unit: "MB"));
    }

    private static string Name(int rows) => string.Create(CultureInfo.InvariantCulture, $"{rows:N0} wait");

    private static async Task RunAsync(Bench bench, Meter meter, int waiting, int counted)
    {
        await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
        await using var queues = await RabbitQueues.ConnectAsync((await bench.BrokerAsync()).Uri);
        await queues.RenewAsync(Queues.Invoices);
        using (var host = Service.Build(new Progress(0, meter), reliability => reliability.UsePostgreSql(database.ConnectionString).UseBroker(queues.Uri)))
        {
            await host.Services.GetRequiredService<IMessageStore>().StartAsync([], CancellationToken.None);
            await FillAsync(database, waiting);
            await host.StartAsync();
            var before = await queues.FirstAsync(Queues.Invoices);
            meter.Start();
            await queues.WaitForAsync(Queues.Invoices, counted);
            meter.Stop(counted - before);
            await host.StopAsync();
        }

        var (sent, left) = (await queues.CountAsync(Queues.Invoices), await database.CountAsync("reliability.outbox"));
        if (sent + left != waiting)
            throw new InvalidOperationException($"backlog: of {waiting:N0} messages {sent:N0} were sent and {left:N0} are left.");
    }

    private static async Task FillAsync(RunDatabase database, int rows) => await database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO reliability.outbox (created_at, attempts, part, transport, route, message_id, message_name, body)
        SELECT now(), 0, -1, '{TransportNames.RabbitMq}', '{Queues.Invoices}', gen_random_uuid()::text, '{nameof(InvoiceIssued)}', convert_to(repeat('x', 400), 'UTF8')
        FROM generate_series(1, {rows});
        ANALYZE reliability.outbox
        """));
}
