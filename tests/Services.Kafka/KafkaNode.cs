using System.Diagnostics;
using System.Globalization;

namespace Reliability.Tests.Services;

/// <summary>One node of a real cluster, as a process that ends with this one, however this one ends.</summary>
internal sealed class KafkaNode(string home, string folder) : IDisposable
{
    /// <summary>
    /// A shell between us and the node: it ends the node when its standard input closes, which also a SIGKILL of this process does. The node is not our
    /// own child with a death signal, because that signal comes when the starting thread ends, and ours come and go.
    /// </summary>
    private const string Holder = """
        setpriv --pdeathsig KILL "$1" "$2" >>"$3" 2>&1 </dev/null &
        echo $!
        cat >/dev/null
        kill -KILL $! 2>/dev/null
        """;

    private Process? _holder;
    private int _pid;

    public string Settings => Path.Combine(folder, "server.properties");

    public string Log => Path.Combine(folder, "server.log");

    public async Task FormatAsync(string clusterId, CancellationToken cancellationToken)
    {
        using var format = Start(Path.Combine(home, "bin", "kafka-storage.sh"), "format", "-t", clusterId, "-c", Settings);
        var output = await format.StandardOutput.ReadToEndAsync(cancellationToken);
        await format.WaitForExitAsync(cancellationToken);
        if (format.ExitCode != 0)
        {
            throw new InvalidOperationException($"kafka-storage.sh did not format {folder}: {output}");
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _holder = Start("bash", "-c", Holder, "kafka-node", Path.Combine(home, "bin", "kafka-server-start.sh"), Settings, Log);
        _pid = int.Parse(await _holder.StandardOutput.ReadLineAsync(cancellationToken) ?? "", CultureInfo.InvariantCulture);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        using var node = Process.GetProcessById(_pid);
        node.Kill();
        Dispose();
    }

    public void Dispose()
    {
        if (_holder is not null)
        {
            _holder.StandardInput.Close();
            _holder.WaitForExit();
            _holder.Dispose();
            _holder = null;
        }
    }

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["KAFKA_HEAP_OPTS"] = "-Xmx384M -Xms128M";
        return Process.Start(start)!;
    }
}
