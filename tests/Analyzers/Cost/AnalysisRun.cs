using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests.Cost;

/// <summary>A whole compilation with analyzers: all diagnostics, the compiler's own among them. On one thread, so that what it allocates can be counted.</summary>
internal static class AnalysisRun
{
    private static readonly AnalyzerOptions NoOptions = new([]);

    /// <summary>All diagnostics of a compilation.</summary>
    /// <param name="compilation">A compilation of which nothing has been bound yet.</param>
    /// <param name="analyzers">What runs over it.</param>
    /// <returns>How many diagnostics there are; an analyzer's exception is thrown on.</returns>
    public static int Diagnose(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers) =>
        compilation.WithAnalyzers(analyzers, new CompilationWithAnalyzersOptions(
            NoOptions,
            static (exception, analyzer, _) => throw new InvalidOperationException($"{analyzer.GetType().Name} failed", exception),
            concurrentAnalysis: false,
            logAnalyzerExecutionTime: false)).GetAllDiagnosticsAsync(CancellationToken.None).GetAwaiter().GetResult().Length;

    /// <summary>The bytes that the analysis of a project allocates, parsing excluded.</summary>
    public static long Allocated(GeneratedProject project, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var compilation = project.Compile();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Diagnose(compilation, analyzers);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
