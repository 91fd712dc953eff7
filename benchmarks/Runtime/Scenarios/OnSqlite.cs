using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class OnSqlite() : Scenario("sqlite", "From RabbitMQ through SQLite to RabbitMQ",
    "The same way with an SQLite file as the database: write-ahead log, every commit synced.")
{
    public override async Task<Result> RunAsync(Bench bench)
    {
        var messages = bench.Messages(10_000);
        var through = new ThroughContenders(bench, messages, async () => await RunFile.CreateAsync());
        var result = new Result(this, messages, await bench.RunAsync([through.OneByOne, through.Grouped, through.OursPortable]));
        return result.Aiming(
            new("SQLite: against one transaction a message, by hand", result.Ratio("c", "a"), 4),
            new("SQLite: against the grouped sketch", result.Ratio("c", "b"), 0.85));
    }
}
