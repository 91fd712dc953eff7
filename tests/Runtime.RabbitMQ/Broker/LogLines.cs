using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests;

/// <summary>Keeps everything that is logged, at every level, with the errors in full.</summary>
internal sealed class LogLines : ILogger<RabbitMqTransport>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<string> All => [.. _lines.Select(line => line.Text)];

    public IReadOnlyList<string> Errors => [.. _lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, $"{DateTime.UtcNow:HH:mm:ss.fff} {formatter(state, exception)} {exception}"));

    /// <summary>Waits until a line holds all of these texts.</summary>
    public async Task<string> WaitForAsync(CancellationToken cancellationToken, params string[] texts)
    {
        while (true)
        {
            if (All.FirstOrDefault(line => texts.All(line.Contains)) is { } found)
                return found;

            await Task.Delay(20, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            if (cancellationToken.IsCancellationRequested)
                Assert.Fail($"No log line with '{string.Join("' and '", texts)}' in: {string.Join(Environment.NewLine, All)}");
        }
    }
}
