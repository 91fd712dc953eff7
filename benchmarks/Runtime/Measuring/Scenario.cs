namespace Reliability.Benchmarks.Measuring;

/// <summary>One thing that is measured.</summary>
/// <param name="verb">Its name on the command line.</param>
/// <param name="title">Its heading.</param>
/// <param name="about">What the contenders do for each message.</param>
internal abstract class Scenario(string verb, string title, string about)
{
    public string Verb => verb;

    public string Title => title;

    public string About => about;

    public abstract Task<Result> RunAsync(Bench bench);
}

/// <summary>What a scenario measured.</summary>
internal sealed record Result(Scenario Scenario, int Messages, IReadOnlyList<Contender> Contenders)
{
    public IReadOnlyList<Target> Targets { get; init; } = [];

    /// <summary>A contender's figures; null where it did not run.</summary>
    public Measurement? this[string key] => Contenders.FirstOrDefault(contender => contender.Key == key)?.Median;

    /// <summary>How many times as fast one is as another.</summary>
    public double? Ratio(string key, string? against) => against is null ? null : this[key]?.Rate / this[against]?.Rate;

    /// <summary>The same with targets; those for which a contender did not run are left out.</summary>
    public Result Aiming(params IEnumerable<Target> targets) => this with { Targets = [.. targets.Where(target => target.Measured is not null)] };
}

/// <summary>What is aimed at, and what was measured.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="Measured">The figure.</param>
/// <param name="Bound">The figure aimed at.</param>
/// <param name="AtMost">True where less is better.</param>
/// <param name="Unit">Of both.</param>
internal sealed record Target(string Text, double? Measured, double Bound, bool AtMost = false, string Unit = "×")
{
    public bool IsMet => AtMost ? Measured <= Bound : Measured >= Bound;
}
