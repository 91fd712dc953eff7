using System.Data.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Shop;

/// <summary>
/// One line for each event. A database that is away is told of by each retry, and where in the driver that was noticed says nothing: of such errors only the
/// messages are written, of all others the stack too.
/// </summary>
public sealed class BriefConsole() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "brief";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write($"{DateTime.UtcNow:HH:mm:ss.fff} {logEntry.LogLevel} {logEntry.Category}[{logEntry.EventId.Id}] {logEntry.Formatter(logEntry.State, null)}");
        if (logEntry.Exception is { } error)
        {
            textWriter.Write(": " + (IsAway(error) ? string.Join(" <- ", Messages(error)) : error.ToString()).ReplaceLineEndings(" "));
        }

        textWriter.WriteLine();
    }

    private static bool IsAway(Exception error) => error is DbException { IsTransient: true };

    private static IEnumerable<string> Messages(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return $"{error.GetType().Name}: {error.Message}";
        }
    }
}
