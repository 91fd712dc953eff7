using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers;
using Reliability.Tests.Cost;

namespace Reliability.Benchmarks.Analyzers;

/// <summary>Analyzers that run together, and how many rules they are.</summary>
/// <param name="Name">What the table calls them.</param>
/// <param name="Analyzers">The analyzers.</param>
internal sealed record AnalyzerSet(string Name, ImmutableArray<DiagnosticAnalyzer> Analyzers)
{
    /// <summary>Registers nothing.</summary>
    public static AnalyzerSet Empty { get; } = new("empty analyzer", [new EmptyAnalyzer()]);

    /// <summary>Is called for the same operations, and does nothing.</summary>
    public static AnalyzerSet Idle { get; } = new("idle analyzer", [new IdleAnalyzer()]);

    public static AnalyzerSet Ours { get; } = Load("Reliability.Analyzers", typeof(MessagingRules).Assembly);

    /// <summary>Analyzer packages that many projects use, as they come out of their packages.</summary>
    public static ImmutableArray<AnalyzerSet> Peers { get; } =
    [
        .. typeof(AnalyzerSet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Where(one => one.Key.StartsWith("Peer:", StringComparison.Ordinal))
            .Select(one => Load(one.Key["Peer:".Length..], one.Value!)),
    ];

    /// <summary>Rules that are on unless somebody turns them off.</summary>
    public int Rules => Analyzers.SelectMany(one => one.SupportedDiagnostics).Where(one => one.IsEnabledByDefault).Select(one => one.Id).Distinct().Count();

    private static AnalyzerSet Load(string name, string folder)
    {
        // A package may hold one assembly for each version of Roslyn from which on it can be loaded.
        var roslyn = typeof(Compilation).Assembly.GetName().Version!;
        var file = Directory.GetFiles(folder, name + ".dll", SearchOption.AllDirectories)
            .Select(path => (Path: path, Version: VersionOf(path))).Where(one => one.Version <= new Version(roslyn.Major, roslyn.Minor)).MaxBy(one => one.Version).Path;
        return Load(name, Assembly.LoadFrom(file));
    }

    /// <summary>What a compiler loads of an assembly.</summary>
    private static AnalyzerSet Load(string name, Assembly assembly) => new(
        name,
        [
            .. assembly.GetTypes().Where(type => !type.IsAbstract && type.GetCustomAttributes<DiagnosticAnalyzerAttribute>().Any(one => one.Languages.Contains(LanguageNames.CSharp)))
                .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
        ]);

    private static Version VersionOf(string path) =>
        path.Split(Path.DirectorySeparatorChar).Where(part => part.StartsWith("roslyn", StringComparison.Ordinal)).Select(part => Version.Parse(part["roslyn".Length..])).FirstOrDefault(new Version(0, 0));
}
