using Reliability.Benchmarks.Business;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.Scenarios;

internal sealed class Through() : Scenario("through", "From RabbitMQ through PostgreSQL to RabbitMQ",
    "A message of 400 bytes is taken from a quorum queue; a business row, an inbox row and an outgoing message are committed; the outgoing message is published with its confirm, and removed; the incoming one is acked.")
{
    /// <summary>The most that a message of the product's may allocate beyond the sketch's.</summary>
    private const double Allowance = 1024;

    public override async Task<Result> RunAsync(Bench bench)
    {
        var messages = bench.Messages(20_000);
        var through = new ThroughContenders(bench, messages, async () => await RunDatabase.CreateAsync(await bench.DatabaseAsync()));
        var contenders = await bench.RunAsync([through.OneByOne, through.Grouped, through.GroupedBatch, through.Ours, through.OursBatch]);
        var result = new Result(this, messages, contenders);
        return result.Aiming(
            new("through: against one transaction a message, by hand", result.Ratio("c", "a"), 4),
            new("through: against the grouped sketch", result.Ratio("c", "b"), 0.85),
            new("through: against the grouped sketch, inserts as a batch", result.Ratio("c batch", "b batch"), 0.85),
            new("through: rate", result["c batch"]?.Rate, 10_000, Unit: "/s"),
            new("through: allocated for a message beyond the sketch", result["c"]?.Allocated - result["b"]?.Allocated, Allowance, AtMost: true, Unit: "B"),
            new("through: the same, inserts as a batch", result["c batch"]?.Allocated - result["b batch"]?.Allocated, Allowance, AtMost: true, Unit: "B"));
    }
}
