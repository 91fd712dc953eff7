using System.Diagnostics;
using System.Globalization;

namespace Shop.Demo;

/// <summary>One worker: this program again, as a process that can be killed. Its output goes to a file.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Task _logging;
    private readonly TaskCompletionSource _runs = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(Process process, string logFile)
    {
        _process = process;
        _logging = LogAsync(process, logFile);
    }

    public bool HasExited => _process.HasExited;

    public static WorkerProcess Start(ShopSettings settings, int number)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Under "dotnet shop.dll" the process is dotnet, and the program its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in Arguments(settings))
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The worker process could not be started.");
        return new WorkerProcess(process, Path.Combine(settings.Folder, $"worker-{number:00}.log"));
    }

    /// <summary>SIGKILL: the process gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator stops a service, once it runs: before that, the signal ends any process. Null where it ended in time with status 0; else what it did.</summary>
    public async Task<string?> StopAsync()
    {
        await Task.WhenAny(_runs.Task, _logging, Task.Delay(Patience));
        using var terminate = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await terminate.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode == 0 ? null : $"a worker ended with status {_process.ExitCode} when asked to stop";
        }
        catch (OperationCanceledException)
        {
            return $"a worker did not stop within {Patience.TotalSeconds} s";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await _logging;
        _process.Dispose();
    }

    private static IEnumerable<string> Arguments(ShopSettings settings)
    {
        yield return "worker";
        foreach (var (option, value) in new[]
        {
            ("--folder", settings.Folder),
            ("--orders", settings.Orders.ToString(CultureInfo.InvariantCulture)),
            ("--seed", settings.Seed.ToString(CultureInfo.InvariantCulture)),
            ("--broker", settings.Broker),
            ("--kafka", settings.Kafka),
            ("--postgres", settings.Postgres),
        })
        {
            if (value is not null)
            {
                yield return option;
                yield return value;
            }
        }
    }

    private async Task LogAsync(Process process, string file)
    {
        await using var log = File.CreateText(file);
        var gate = new SemaphoreSlim(1);
        async Task CopyAsync(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                if (line == Worker.Runs)
                {
                    _runs.TrySetResult();
                }

                await gate.WaitAsync();
                await log.WriteLineAsync(line);
                gate.Release();
            }
        }

        await Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }
}
