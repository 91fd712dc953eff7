using System.Globalization;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.Reporting;

/// <summary>A scenario's figures, and the targets, as rows of text.</summary>
internal static class Tables
{
    public static (string[] Columns, List<string[]> Rows) Of(Result result) =>
        result.Contenders.Any(contender => contender.Median.Latency is not null) ? Latencies(result) : Rates(result);

    public static (string[] Columns, List<string[]> Rows) Of(IEnumerable<Target> targets) =>
        (["target", "measured", "aimed at", ""], [.. targets.Select(target => (string[])
        [
            target.Text, Figure(target.Measured!.Value, target.Unit), $"{(target.AtMost ? "≤" : "≥")} {Figure(target.Bound, target.Unit)}", target.IsMet ? "met" : "missed",
        ])]);

    private static (string[] Columns, List<string[]> Rows) Rates(Result result)
    {
        var rows = result.Contenders.Select(contender => (string[])
        [
            contender.Name,
            Text($"{contender.Median.Rate:N0}"),
            Times(result.Ratio(contender.Key, result.Contenders[0].Key)),
            Times(result.Ratio(contender.Key, contender.Limit)),
            Text($"{contender.Median.Cpu.Client.TotalMicroseconds:N0} + {contender.Median.Cpu.Database.TotalMicroseconds:N0} + {contender.Median.Cpu.Broker.TotalMicroseconds:N0}"),
            Text($"{contender.Median.Allocated:N0}"),
            Text($"{contender.Median.PeakMemory / 1e6:N0}"),
        ]);
        return (["contender", "messages/s", "÷ first", "÷ its limit", "CPU, µs a message: client + database + broker", "bytes allocated a message", "peak memory, MB"], [.. rows]);
    }

    private static (string[] Columns, List<string[]> Rows) Latencies(Result result) =>
        (["contender", "median, ms", "99th percentile, ms"], [.. result.Contenders.Select(contender => (string[])
        [
            contender.Name, Text($"{contender.Median.Latency!.Median.TotalMilliseconds:0.0}"), Text($"{contender.Median.Latency.Percentile99.TotalMilliseconds:0.0}"),
        ])]);

    private static string Figure(double value, string unit) => unit == "×" ? Times(value) : Text($"{value:N0} {unit}");

    private static string Times(double? ratio) => ratio is null ? "" : Text($"{ratio:0.00} ×");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
