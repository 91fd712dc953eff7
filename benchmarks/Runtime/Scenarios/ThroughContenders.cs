using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.HandWritten;
using Reliability.Benchmarks.Measuring;
using Reliability.Benchmarks.Product;

namespace Reliability.Benchmarks.Scenarios;

/// <summary>Who takes messages from one RabbitMQ queue, handles them in a database and sends one message to another queue for each.</summary>
/// <param name="bench">The servers.</param>
/// <param name="messages">Messages a run.</param>
/// <param name="createAsync">Makes the database of a run.</param>
internal sealed class ThroughContenders(Bench bench, int messages, Func<Task<IRunDatabase>> createAsync)
{
    /// <summary>Which concurrency suits a loop of one transaction a message best depends on the machine.</summary>
    private static readonly int[] Workers = [4, 8, 16, 32];

    private int? _best;

    public Contender OneByOne => new("a", "by hand, one transaction a message, at its best concurrency", async meter =>
    {
        // The warm-up finds the best, once for all rounds.
        _best ??= await FindBestAsync();
        await ByHandAsync("a", meter, (queues, ledger) => new OneByOneLoop(queues, ledger, meter).RunAsync(messages, _best.Value));
    });

    public Contender Grouped => new("b", "by hand, groups, each message its own insert", meter =>
        ByHandAsync("b", meter, (queues, ledger) => new GroupedLoop(queues, ledger, batched: false, meter).RunAsync(messages, workers: 2)));

    public Contender GroupedBatch => new("b batch", "by hand, groups, inserts as a batch", meter =>
        ByHandAsync("b batch", meter, (queues, ledger) => new GroupedLoop(queues, ledger, batched: true, meter).RunAsync(messages, workers: 2)));

    public Contender Ours => new("c", "Reliability, handler with a transaction", meter => ProductAsync("c", meter, Queues.Payments)) { Limit = "b" };

    public Contender OursBatch => new("c batch", "Reliability, handler with a DbBatch", meter => ProductAsync("c batch", meter, Queues.PaymentsBatched)) { Limit = "b batch" };

    public Contender OursPortable => new("c", "Reliability, handler with a transaction", meter => ProductAsync("c", meter, Queues.PaymentsPortable)) { Limit = "b" };

    private async Task ByHandAsync(string contender, Meter meter, Func<RabbitQueues, ILedger, Task> runAsync)
    {
        await using var database = await createAsync();
        await using var queues = await FilledAsync(Queues.Payments);
        await using var ledger = await database.CreateLedgerAsync();
        await runAsync(queues, ledger);
        meter.Stop(messages);
        await database.CheckAsync(contender, messages);
        await queues.CheckAsync(contender, messages, Queues.Invoices, Queues.Payments);
    }

    private async Task ProductAsync(string contender, Meter meter, string from)
    {
        await using var database = await createAsync();
        await using var queues = await FilledAsync(from);
        var progress = new Progress(messages, meter);
        using (var host = Service.Build(progress, reliability =>
        {
            database.Use(reliability);
            reliability.UseBroker(queues.Uri).AddHandler(TransportNames.RabbitMq, from);
        }))
        {
            await host.StartAsync();
            await progress.AllBegun;
            await queues.WaitForAsync(Queues.Invoices, messages);
            await database.WaitUntilSentAsync();
            meter.Stop(messages);
            await host.StopAsync();
        }

        await database.CheckAsync(contender, messages);
        await queues.CheckAsync(contender, messages, Queues.Invoices, from);
    }

    private async Task<int> FindBestAsync()
    {
        var rates = new Dictionary<int, double>();
        foreach (var workers in Workers)
        {
            var meter = new Meter();
            await ByHandAsync("a", meter, (queues, ledger) => new OneByOneLoop(queues, ledger, meter).RunAsync(messages, workers));
            rates[workers] = meter.Measured.Rate;
        }

        return rates.MaxBy(rate => rate.Value).Key;
    }

    private async Task<RabbitQueues> FilledAsync(string from)
    {
        var queues = await RabbitQueues.ConnectAsync((await bench.BrokerAsync()).Uri);
        await queues.RenewAsync(from, Queues.Invoices);
        await queues.FillAsync(from, Payments.Of(messages));
        return queues;
    }
}

/// <summary>Messages to begin with.</summary>
internal static class Payments
{
    public static IEnumerable<Outgoing> Of(int messages)
    {
        for (var number = 0; number < messages; number++)
        {
            var id = Guid.CreateVersion7();
            yield return new Outgoing(id, Bodies.Of(id, number));
        }
    }
}
