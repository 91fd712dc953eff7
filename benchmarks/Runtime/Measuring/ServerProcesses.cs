using System.Globalization;

namespace Reliability.Benchmarks.Measuring;

/// <summary>CPU time, by who used it.</summary>
/// <param name="Client">This process: the contender, and the clients of database and broker in it.</param>
/// <param name="Database">PostgreSQL, all its processes.</param>
/// <param name="Broker">RabbitMQ or Kafka.</param>
internal readonly record struct CpuTimes(TimeSpan Client, TimeSpan Database, TimeSpan Broker)
{
    public static CpuTimes operator -(CpuTimes later, CpuTimes earlier) =>
        new(later.Client - earlier.Client, later.Database - earlier.Database, later.Broker - earlier.Broker);
}

/// <summary>The servers that this process started: its descendants, told apart by their programs' names. From /proc, in steps of 10 ms.</summary>
internal static class ServerProcesses
{
    private const double TicksPerSecond = 100;

    private static readonly string[] Databases = ["postgres"];
    private static readonly string[] Brokers = ["beam.smp", "java"];

    public static CpuTimes Cpu()
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Read).OfType<Entry>().ToDictionary(process => process.Id);
        var own = processes[Environment.ProcessId];
        return new CpuTimes(Environment.CpuUsage.TotalTime, Of(Databases), Of(Brokers));

        TimeSpan Of(string[] programs) => TimeSpan.FromSeconds(
            processes.Values.Where(process => programs.Contains(process.Program) && IsBelow(process)).Sum(process => process.Ticks) / TicksPerSecond);

        bool IsBelow(Entry process)
        {
            for (var at = process; processes.TryGetValue(at.Parent, out var parent); at = parent)
            {
                if (parent == own)
                    return true;
            }

            return false;
        }
    }

    // "pid (program) state ppid …": the 14th to 17th field are the time of the process and of its children that have ended, in user and system mode.
    private static Entry? Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id))
            return null;

        string stat;
        try
        {
            stat = File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return null;
        }

        var (open, close) = (stat.IndexOf('(', StringComparison.Ordinal), stat.LastIndexOf(')'));
        var fields = stat[(close + 2)..].Split(' ');
        return new Entry(id, stat[(open + 1)..close], int.Parse(fields[1], CultureInfo.InvariantCulture),
            fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)));
    }

    private sealed record Entry(int Id, string Program, int Parent, long Ticks);
}
