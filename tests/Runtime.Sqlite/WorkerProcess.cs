using System.Diagnostics;

namespace Reliability.Tests;

/// <summary>Another process with a store of its own: see Worker/Program.cs.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it and waits for the line that says what came of it: <c>ready</c>, or the error.</summary>
    /// <param name="command">What it does.</param>
    /// <param name="database">On which file.</param>
    /// <param name="folder">Where its assemblies are; null: beside the tests.</param>
    /// <param name="wrapper">Another command to start it with; null: none.</param>
    public static async Task<(WorkerProcess Worker, string Line)> StartAsync(
        string command, string database, string? folder = null, string[]? wrapper = null)
    {
        string[] line = [.. wrapper ?? [], "dotnet", Path.Combine(folder ?? AppContext.BaseDirectory, "Reliability.Sqlite.Worker.dll"), command, database];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var worker = new WorkerProcess(Process.Start(start)!);
        var errors = worker._process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        return (worker, await worker._process.StandardOutput.ReadLineAsync(deadline.Token) ?? "the worker ended: " + await errors);
    }

    /// <summary>SIGKILL, and waits until the kernel has taken everything from it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();

        _process.Dispose();
    }
}
