namespace Reliability.Benchmarks.Measuring;

/// <summary>One of those that do the same work in turn.</summary>
/// <param name="Key">A short name, for ratios.</param>
/// <param name="Name">What it is.</param>
/// <param name="RunAsync">One run: prepares, works between the meter's start and stop, counts its effects, and throws where one is missing or doubled.</param>
internal sealed record Contender(string Key, string Name, Func<Meter, Task> RunAsync)
{
    /// <summary>The contender that is the practical limit of this one's way of working.</summary>
    public string? Limit { get; init; }

    public List<Measurement> Runs { get; } = [];

    public Measurement Median => Measurement.Median(Runs);
}
