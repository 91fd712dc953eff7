using Microsoft.Extensions.Logging;
using Reliability.Connections;

namespace Reliability.Diagnostics;

/// <summary>Everything the store logs: addresses without credentials, and settings.</summary>
internal static partial class PostgreSqlLog
{
    [LoggerMessage(400, LogLevel.Warning, "PostgreSQL {Address}: the server runs with {Settings} off. A crash of its machine can lose or damage what was committed, and messages with it")]
    public static partial void UnsafeServer(this ILogger log, DatabaseAddress address, string settings);

    [LoggerMessage(401, LogLevel.Information, "PostgreSQL {Address}: synchronous_commit is off for this role; the store turns it on for its own units of work")]
    public static partial void CommitsNotDurable(this ILogger log, DatabaseAddress address);

    [LoggerMessage(402, LogLevel.Warning, "PostgreSQL {Address}: the connection that hears of new outbox rows failed. Next try in {Pause}; meanwhile rows are found by time")]
    public static partial void ListeningFailed(this ILogger log, DatabaseAddress address, TimeSpan pause, Exception error);

    [LoggerMessage(403, LogLevel.Information, "PostgreSQL {Address}: handler '{FormerName}' is now '{Name}'; what was remembered and deferred under the former name is the new one's")]
    public static partial void HandlerRenamed(this ILogger log, DatabaseAddress address, string formerName, string name);
}
