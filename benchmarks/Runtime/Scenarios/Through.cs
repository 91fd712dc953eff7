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
        var through = new ThroughContenders(bench, messages);
        List<Contender> contenders = [through.OneByOne, through.Grouped, through.GroupedBatch, through.Ours, through.OursBatch];
        await bench.RunAsync(contenders);
        contenders[0] = contenders[0] with { Name = $"{contenders[0].Name}, {through.Best} workers" };
        var result = new Result(this, messages, contenders);
        return result with
        {
            Targets =
            [
                new("through: as fast as one transaction a message, by hand", result.Ratio("c", "a"), 4),
                new("through: as fast as the grouped sketch", result.Ratio("c", "b"), 0.85),
                new("through: the same, inserts as a batch", result.Ratio("c batch", "b batch"), 0.85),
                new("through: rate", Math.Max(result["c"].Median.Rate, result["c batch"].Median.Rate), 10_000, Unit: "/s"),
                new("through: allocated for a message beyond the sketch", result["c"].Median.Allocated - result["b"].Median.Allocated, Allowance, AtMost: true, Unit: "B"),
                new("through: the same, inserts as a batch", result["c batch"].Median.Allocated - result["b batch"].Median.Allocated, Allowance, AtMost: true, Unit: "B"),
            ],
        };
    }
}
