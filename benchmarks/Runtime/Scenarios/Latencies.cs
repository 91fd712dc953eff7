using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.HandWritten;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Product;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class Latencies() : Scenario("latency", "Latency at a low rate",
    "200 messages a second: from the sending of a message until the one that is sent because of it has come.")
{
    private const int Workers = 8;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    public override async Task<Result> RunAsync(Bench bench)
    {
        var messages = bench.Messages(2_000);
        var result = new Result(this, messages, await bench.RunAsync(
        [
            new("a", "by hand, one transaction a message", meter => ByHandAsync(bench, meter, messages)),
            new("c", "Reliability, handler with a transaction", meter => ProductAsync(bench, meter, messages)),
        ]));
        return result.Aiming(
            new Target("latency: 99th percentile against one transaction a message, by hand",
                result["c"]?.Latency!.Percentile99 / result["a"]?.Latency!.Percentile99, 1.3, AtMost: true));
    }

    private static async Task ByHandAsync(Bench bench, Meter meter, int messages)
    {
        await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
        await using var queues = await RenewedAsync(bench);
        await using var ledger = await database.CreateLedgerAsync();
        var handling = new OneByOneLoop(queues, ledger, meter).RunAsync(messages, Workers);
        meter.Stop(messages, await SendAndReceiveAsync(queues, messages));
        await handling;
        await database.CheckAsync("a", messages);
    }

    private static async Task ProductAsync(Bench bench, Meter meter, int messages)
    {
        await using var database = await RunDatabase.CreateAsync(await bench.DatabaseAsync());
        await using var queues = await RenewedAsync(bench);
        using (var host = Service.Build(new Progress(messages, meter), reliability => reliability
            .UsePostgreSql(database.ConnectionString).UseBroker(queues.Uri).AddHandler(TransportNames.RabbitMq, Queues.Payments)))
        {
            await host.StartAsync();
            meter.Stop(messages, await SendAndReceiveAsync(queues, messages));
            await host.StopAsync();
        }

        await database.CheckAsync("c", messages);
    }

    private static async Task<RabbitQueues> RenewedAsync(Bench bench)
    {
        var queues = await RabbitQueues.ConnectAsync((await bench.BrokerAsync()).Uri);
        await queues.RenewAsync(Queues.Payments, Queues.Invoices);
        return queues;
    }

    /// <summary>The first tenth warms up and does not count.</summary>
    private static async Task<IEnumerable<TimeSpan>> SendAndReceiveAsync(RabbitQueues queues, int messages)
    {
        await using var connection = await queues.OpenConnectionAsync();
        await using var consumer = await RawConsumer.OpenAsync(connection, Queues.Invoices, prefetch: 100);
        var sent = new ConcurrentDictionary<Guid, long>();
        var sending = Task.Run(() => SendAsync(connection, sent, messages));
        var took = new List<TimeSpan>();
        while (took.Count < messages && await consumer.Deliveries.WaitToReadAsync())
        {
            while (consumer.Deliveries.TryRead(out var delivery))
            {
                var invoice = JsonSerializer.Deserialize(delivery.Body, BenchmarkJson.Default.InvoiceIssued)!;
                took.Add(Stopwatch.GetElapsedTime(sent[invoice.PaymentId]));
                await consumer.AckAsync(delivery.Tag);
            }
        }

        await sending;
        return took.Skip(messages / 10);
    }

    private static async Task SendAsync(RabbitMQ.Client.IConnection connection, ConcurrentDictionary<Guid, long> sent, int messages)
    {
        await using var publisher = await RawPublisher.OpenAsync(connection, Queues.Payments, nameof(PaymentTaken), window: 1000);
        var began = Stopwatch.GetTimestamp();
        var number = 0;
        foreach (var payment in Payments.Of(messages))
        {
            // By the clock, so that a pause that lasted too long does not slow the whole down.
            if ((Interval * number++) - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } pause)
                await Task.Delay(pause);

            sent[payment.Id] = Stopwatch.GetTimestamp();
            await publisher.SendAsync(payment, static () => { });
        }

        await publisher.AllConfirmedAsync();
    }
}
