using System.Diagnostics;
using System.Globalization;

namespace Reliability.Benchmarks.Measuring;

/// <summary>What one run took.</summary>
/// <param name="Rate">Messages a second.</param>
/// <param name="Cpu">CPU time for one message.</param>
/// <param name="Allocated">Bytes allocated in this process for one message.</param>
/// <param name="PeakMemory">The most resident bytes of this process.</param>
/// <param name="Latency">From the sending of a message to the arrival of what was sent because of it; null where that is not measured.</param>
internal sealed record Measurement(double Rate, CpuTimes Cpu, double Allocated, double PeakMemory, Latency? Latency = null)
{
    /// <summary>Of each figure the median.</summary>
    public static Measurement Median(IReadOnlyList<Measurement> runs)
    {
        double Of(Func<Measurement, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
        TimeSpan Time(Func<Measurement, TimeSpan> figure) => TimeSpan.FromTicks((long)Of(run => figure(run).Ticks));
        return new Measurement(
            Of(run => run.Rate),
            new CpuTimes(Time(run => run.Cpu.Client), Time(run => run.Cpu.Database), Time(run => run.Cpu.Broker)),
            Of(run => run.Allocated),
            Of(run => run.PeakMemory),
            runs[0].Latency is null ? null : new Latency(Time(run => run.Latency!.Median), Time(run => run.Latency!.Percentile99)));
    }
}

/// <summary>How long messages took.</summary>
internal sealed record Latency(TimeSpan Median, TimeSpan Percentile99)
{
    public static Latency Of(IEnumerable<TimeSpan> samples)
    {
        var sorted = samples.Order().ToList();
        return new Latency(sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)]);
    }
}

/// <summary>Measures one run, from its first message to the last effect.</summary>
internal sealed class Meter
{
    private int _started;
    private long _began;
    private long _allocated;
    private CpuTimes _cpu;
    private Measurement? _measured;

    /// <summary>Begins with a small heap and forgets what memory earlier runs took.</summary>
    public Meter()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", "5");
    }

    public Measurement Measured => _measured ?? throw new InvalidOperationException("The run was not measured.");

    /// <summary>The first message is taken up. Later calls do nothing.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            return;

        _cpu = ServerProcesses.Cpu();
        _allocated = GC.GetTotalAllocatedBytes();
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>The last effect is there.</summary>
    public void Stop(int messages, IEnumerable<TimeSpan>? latencies = null)
    {
        var elapsed = Stopwatch.GetElapsedTime(_began);
        var allocated = GC.GetTotalAllocatedBytes() - _allocated;
        var cpu = ServerProcesses.Cpu() - _cpu;
        _measured = new Measurement(
            messages / elapsed.TotalSeconds,
            new CpuTimes(cpu.Client / messages, cpu.Database / messages, cpu.Broker / messages),
            (double)allocated / messages,
            PeakMemory(),
            latencies is null ? null : Latency.Of(latencies));
    }

    private static double PeakMemory()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * double.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
