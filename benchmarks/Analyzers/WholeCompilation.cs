using BenchmarkDotNet.Attributes;
using Reliability.Tests;
using Reliability.Tests.Cost;

namespace Reliability.Benchmarks.Analyzers;

/// <summary>All diagnostics of a compilation of 1,000 files, with each set of analyzers. Parsing is not measured.</summary>
[MemoryDiagnoser]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1515", Justification = "BenchmarkDotNet finds public classes only.")]
public class WholeCompilation
{
    private GeneratedProject _project = null!;
    private AnalyzerSet _set = null!;
    private Microsoft.CodeAnalysis.Compilation _compilation = null!;

    /// <summary>Every which file talks to a broker; 0: no client is referenced.</summary>
    [Params(0, 10, 1)]
    public int ClientEvery { get; set; }

    /// <summary>Which analyzers run.</summary>
    [ParamsSource(nameof(Sets))]
    public string Set { get; set; } = "";

    /// <summary>The sets by their names.</summary>
    public static IEnumerable<string> Sets => All.Select(set => set.Name);

    private static IEnumerable<AnalyzerSet> All => [AnalyzerSet.Empty, AnalyzerSet.Idle, AnalyzerSet.Ours, .. AnalyzerSet.Peers];

    /// <summary>Makes the files.</summary>
    [GlobalSetup]
    public void Generate()
    {
        _project = GeneratedProject.Shop(1000, ClientEvery);
        _set = All.Single(set => set.Name == Set);
    }

    /// <summary>Parses them anew: a compilation keeps what it has bound.</summary>
    [IterationSetup]
    public void Parse() => _compilation = _project.Compile();

    /// <summary>Binds and analyses everything.</summary>
    /// <returns>How many diagnostics there are.</returns>
    [Benchmark]
    public int AllDiagnostics() => AnalysisRun.Diagnose(_compilation, _set.Analyzers);
}

/// <summary>One long method: what it costs beyond the idle analyzer is to grow no faster than the method.</summary>
[MemoryDiagnoser]
public class LongMethod
{
    private GeneratedProject _project = null!;
    private Microsoft.CodeAnalysis.Compilation _compilation = null!;

    /// <summary>The client.</summary>
    [Params(Client.RabbitMq7, Client.Kafka2)]
    public Client Client { get; set; }

    /// <summary>How many call sites, or branches.</summary>
    [Params("274 sites", "1096 sites", "500 branches", "2000 branches")]
    public string Size { get; set; } = "";

    /// <summary>Makes the method.</summary>
    [GlobalSetup]
    public void Generate()
    {
        var words = Size.Split(' ');
        var count = int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture);
        _project = words[1] == "sites" ? GeneratedProject.CallSites(Client, count) : GeneratedProject.Branches(Client, count);
    }

    /// <summary>Parses it anew.</summary>
    [IterationSetup]
    public void Parse() => _compilation = _project.Compile();

    /// <summary>The compiler and an analyzer that does nothing.</summary>
    /// <returns>How many diagnostics there are.</returns>
    [Benchmark(Baseline = true)]
    public int Idle() => AnalysisRun.Diagnose(_compilation, AnalyzerSet.Idle.Analyzers);

    /// <summary>The compiler and all rules.</summary>
    /// <returns>How many diagnostics there are.</returns>
    [Benchmark]
    public int Ours() => AnalysisRun.Diagnose(_compilation, AnalyzerSet.Ours.Analyzers);
}
