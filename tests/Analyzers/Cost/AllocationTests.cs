using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests.Cost;

/// <summary>What the rules may allocate. Time is measured in benchmarks/Analyzers; allocation is the same on a busy machine.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class AllocationTests
{
    private const int Files = 300;

    private static readonly ImmutableArray<DiagnosticAnalyzer> Rules = Project.AllRules;

    [Fact]
    public void Without_a_client_the_rules_allocate_no_more_than_an_empty_analyzer() => AssertWithin(1.01, GeneratedProject.Shop(Files, every: 0), new EmptyAnalyzer());

    [Fact]
    public void With_a_client_in_one_file_of_ten_the_rules_add_seven_percent_at_most() => AssertWithin(1.07, GeneratedProject.Shop(Files, every: 10), new IdleAnalyzer());

    [Theory]
    [InlineData(Client.RabbitMq7)]
    [InlineData(Client.Kafka2)]
    public void What_a_call_site_costs_does_not_grow_with_their_number(Client client) => AssertLinear(size => GeneratedProject.CallSites(client, size), 1096);

    [Theory]
    [InlineData(Client.RabbitMq7)]
    [InlineData(Client.Kafka2)]
    public void What_a_branch_costs_does_not_grow_with_their_number(Client client) => AssertLinear(size => GeneratedProject.Branches(client, size), 2000);

    private static void AssertWithin(double factor, GeneratedProject project, DiagnosticAnalyzer baseline)
    {
        // The first run of each pays for what is made once in a process.
        AnalysisRun.Allocated(project, [baseline]);
        AnalysisRun.Allocated(project, Rules);
        var least = Math.Min(AnalysisRun.Allocated(project, [baseline]), AnalysisRun.Allocated(project, [baseline]));
        var ours = Math.Min(AnalysisRun.Allocated(project, Rules), AnalysisRun.Allocated(project, Rules));
        Assert.True(ours <= least * factor, $"The rules allocate {ours:n0} bytes over {project.Name}, the baseline {least:n0}: {100.0 * ours / least - 100:n2} % more, allowed are {100 * factor - 100:n0} %");
    }

    private static void AssertLinear(Func<int, GeneratedProject> make, int size)
    {
        var quarter = PerSite(make(size / 4), size / 4);
        var full = PerSite(make(size), size);
        Assert.True(full <= quarter * 1.2, $"The rules allocate {quarter:n0} bytes for each of {size / 4}, and {full:n0} for each of {size}");
    }

    /// <summary>What the rules allocate for each site beyond an analyzer that does nothing: the compiler's own share grows as it likes.</summary>
    private static double PerSite(GeneratedProject project, int sites)
    {
        AnalysisRun.Allocated(project, Rules);
        return (AnalysisRun.Allocated(project, Rules) - AnalysisRun.Allocated(project, [new IdleAnalyzer()])) / (double)sites;
    }
}

/// <summary>Tests that count what the whole process allocates run while no others do.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
