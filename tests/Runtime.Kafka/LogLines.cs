using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests;

/// <summary>Keeps what is logged, so that a test can say what must be, and what must not be, in it.</summary>
internal sealed class LogLines : ILogger<KafkaTransport>
{
    /// <summary>A failing test shows what was logged.</summary>
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    public IReadOnlyList<string> AtLeast(LogLevel level) => [.. _lines.Where(line => line.Level >= level).Select(line => line.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Keep(logLevel, formatter(state, exception) + (exception is null ? "" : $" {exception}"));

    private void Keep(LogLevel level, string text)
    {
        _lines.Enqueue((level, text));
        _output?.WriteLine($"{DateTime.UtcNow:mm:ss.fff} {level} {text}");
    }
}
