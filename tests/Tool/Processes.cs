using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Reliability.Tests;

/// <summary>How the tool ended, and what it wrote.</summary>
public sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>The built tool, run as a person runs it.</summary>
public static class ToolProcess
{
    public static async Task<ToolRun> RunAsync(string? store, string[] arguments, string? input = null, string? folder = null)
    {
        var start = Assemblies.Start("Tool", arguments);
        start.WorkingDirectory = folder ?? Path.GetTempPath();
        start.Environment.Remove("RELIABILITY_STORE");
        if (store is not null)
        {
            start.Environment["RELIABILITY_STORE"] = store;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return new ToolRun(process.ExitCode, await output, await errors);
    }
}

/// <summary>A running service, in a process of its own: see Service/Program.cs.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServiceProcess(Process process) => _process = process;

    public static async Task<ServiceProcess> StartAsync(string store, string folder)
    {
        var service = new ServiceProcess(Process.Start(Assemblies.Start("Service", [store, folder]))!);
        await service.ReadAsync("ready");
        return service;
    }

    public async Task PublishAsync(params string[] orders)
    {
        await _process.StandardInput.WriteLineAsync($"publish {string.Join(' ', orders)}");
        await ReadAsync("published");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!_process.HasExited)
            {
                _process.Kill();
            }

            _process.Dispose();
        }
    }

    private async Task ReadAsync(string expected)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        var line = await _process.StandardOutput.ReadLineAsync(deadline.Token);
        if (line != expected)
        {
            Assert.Fail($"The service said '{line}' instead of '{expected}': {(line is null ? await _process.StandardError.ReadToEndAsync(deadline.Token) : "")}");
        }
    }
}

internal static class Assemblies
{
    public static ProcessStartInfo Start(string name, string[] arguments)
    {
        var assembly = typeof(Assemblies).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == name).Value!;
        return new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
    }
}
