using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Reliability.Tests;
using Reliability.Tests.Cost;

namespace Reliability.Benchmarks.Analyzers;

/// <summary>
/// The short run: all candidates of a scenario in turn, some rounds long, so that a busy machine is equally busy for each; the processor's time is counted, not the clock's.
/// Prints one table.
/// </summary>
internal static class PairedRun
{
    public static int Print(int files, int rounds)
    {
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, Roslyn {typeof(Compilation).Assembly.GetName().Version!.ToString(2)}; {files} files, best of {rounds} rounds in turn; processor time");
        Console.WriteLine();
        Console.WriteLine("| scenario | analyzers | rules | allocated | time | per rule |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        Compare(GeneratedProject.Shop(files, 0), rounds, AnalyzerSet.Empty, AnalyzerSet.Ours);
        Compare(GeneratedProject.Shop(files, 10), rounds, AnalyzerSet.Idle, AnalyzerSet.Ours);
        Compare(GeneratedProject.Shop(files, 1), rounds, [AnalyzerSet.Idle, AnalyzerSet.Ours, .. AnalyzerSet.Peers]);
        Console.WriteLine();
        Console.WriteLine("| one method | per site at a quarter | per site at full size | growth |");
        Console.WriteLine("| --- | --- | --- | --- |");
        foreach (var client in new[] { Client.RabbitMq7, Client.Kafka2 })
        {
            Grow($"{client}, 1096 call sites", size => GeneratedProject.CallSites(client, size), 1096, rounds);
            Grow($"{client}, 2000 branches", size => GeneratedProject.Branches(client, size), 2000, rounds);
        }

        return 0;
    }

    private static void Compare(GeneratedProject project, int rounds, params AnalyzerSet[] sets)
    {
        var best = Best(project, rounds, sets);
        for (var index = 0; index < sets.Length; index++)
        {
            var (bytes, time) = best[index];
            var perRule = index == 0 ? "" : $"{(time - best[0].Time).TotalMilliseconds / sets[index].Rules:n2} ms, {(bytes - best[0].Bytes) / 1024.0 / sets[index].Rules:n0} KB";
            var more = index == 0 ? "" : $" ({100.0 * bytes / best[0].Bytes - 100:+0.00;-0.00} %)";
            var longer = index == 0 ? "" : $" ({100 * (time / best[0].Time) - 100:+0.0;-0.0} %)";
            Console.WriteLine($"| {project.Name} | {sets[index].Name} | {(index == 0 ? "" : sets[index].Rules)} | {bytes / 1048576.0:n1} MB{more} | {time.TotalMilliseconds:n0} ms{longer} | {perRule} |");
        }
    }

    private static void Grow(string name, Func<int, GeneratedProject> make, int size, int rounds)
    {
        var quarter = Best(make(size / 4), rounds * 3, AnalyzerSet.Idle, AnalyzerSet.Ours);
        var full = Best(make(size), rounds, AnalyzerSet.Idle, AnalyzerSet.Ours);
        var (small, large) = (PerSite(quarter, size / 4), PerSite(full, size));
        Console.WriteLine($"| {name} | {small.Microseconds:n0} µs, {small.Bytes / 1024:n1} KB | {large.Microseconds:n0} µs, {large.Bytes / 1024:n1} KB | {large.Microseconds / small.Microseconds:n2} in time, {large.Bytes / small.Bytes:n2} in memory |");
    }

    /// <summary>What the rules cost beyond the idle analyzer.</summary>
    private static (double Microseconds, double Bytes) PerSite((long Bytes, TimeSpan Time)[] best, int sites) =>
        ((best[1].Time - best[0].Time).TotalMicroseconds / sites, (best[1].Bytes - best[0].Bytes) / (double)sites);

    private static (long Bytes, TimeSpan Time)[] Best(GeneratedProject project, int rounds, params AnalyzerSet[] sets)
    {
        var best = sets.Select(_ => (Bytes: long.MaxValue, Time: TimeSpan.MaxValue)).ToArray();
        using var process = Process.GetCurrentProcess();

        // The first round only warms up.
        for (var round = 0; round <= rounds; round++)
        {
            for (var index = 0; index < sets.Length; index++)
            {
                var compilation = project.Compile();
                GC.Collect();
                process.Refresh();
                var (bytes, time) = (GC.GetTotalAllocatedBytes(precise: true), process.TotalProcessorTime);
                AnalysisRun.Diagnose(compilation, sets[index].Analyzers);
                process.Refresh();
                if (round > 0)
                    best[index] = (Math.Min(best[index].Bytes, GC.GetTotalAllocatedBytes(precise: true) - bytes), TimeSpan.FromTicks(Math.Min(best[index].Time.Ticks, (process.TotalProcessorTime - time).Ticks)));
            }
        }

        return best;
    }
}
