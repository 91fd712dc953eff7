using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Everything the runtime logs. Names, ids and errors; never a body, a header's value or a connection string.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Reliability runs on {Store}: {Handlers} handlers, {Transports}")]
    public static partial void Started(this ILogger log, string store, int handlers, string transports);

    [LoggerMessage(2, LogLevel.Error, "The store {Store} is away; nothing is received, messages stay at the broker. Next try in {Pause}")]
    public static partial void StoreAway(this ILogger log, string store, TimeSpan pause, Exception error);

    [LoggerMessage(3, LogLevel.Information, "The store {Store} is back")]
    public static partial void StoreBack(this ILogger log, string store);

    [LoggerMessage(4, LogLevel.Information, "Reliability stopped: handlers are done, {Untried} deliveries given back")]
    public static partial void Stopped(this ILogger log, int untried);

    [LoggerMessage(5, LogLevel.Warning, "Handlers or sends did not finish within {Timeout}; what they left is delivered or sent again")]
    public static partial void StoppedHard(this ILogger log, TimeSpan timeout);

    [LoggerMessage(6, LogLevel.Critical, "Reliability on {Store} cannot go on; the application stops. Messages stay at the broker and in the store")]
    public static partial void Failed(this ILogger log, string store, Exception error);

    [LoggerMessage(10, LogLevel.Warning, "{Handler} failed on message {MessageId} from '{Source}', attempt {Attempt} of {Attempts}; kept, next try in {Pause}")]
    public static partial void HandlerFailed(this ILogger log, string handler, string messageId, string source, int attempt, int attempts, TimeSpan pause, Exception error);

    [LoggerMessage(11, LogLevel.Error, "Message {MessageId} from {Transport} '{Source}' is a dead letter of {Handler} after {Attempts} attempts: {Reason}: {Error}")]
    public static partial void DeadLettered(this ILogger log, string messageId, string transport, string source, string handler, int attempts, DeadLetterReason reason, string error);

    [LoggerMessage(12, LogLevel.Debug, "{Handler} has handled message {MessageId} from '{Source}' before; dropped")]
    public static partial void DuplicateDropped(this ILogger log, string handler, string messageId, string source);

    [LoggerMessage(13, LogLevel.Debug, "A group of {Count} from '{Source}' failed and was rolled back; its members run one by one")]
    public static partial void GroupFailed(this ILogger log, int count, string source, Exception error);

    [LoggerMessage(14, LogLevel.Warning, "{Count} handled deliveries of '{Source}' could not be settled; they come again and are dropped as duplicates")]
    public static partial void NotSettled(this ILogger log, int count, string source, Exception error);

    [LoggerMessage(15, LogLevel.Debug, "Message {MessageId} from '{Source}' was delivered before and may have ended a process; it is counted and then runs alone")]
    public static partial void RunsAlone(this ILogger log, string messageId, string source);

    [LoggerMessage(20, LogLevel.Warning, "Message {MessageId} to {Transport} '{Route}' was not taken, attempt {Attempt} of {Attempts}: {Reason}; next try in {Pause}")]
    public static partial void PublishFailed(this ILogger log, string messageId, string transport, string route, int attempt, int attempts, string reason, TimeSpan pause);

    [LoggerMessage(21, LogLevel.Error, "Message {MessageId} to {Transport} '{Route}' is a dead letter after {Attempts} attempts: {Reason}")]
    public static partial void OutgoingDeadLettered(this ILogger log, string messageId, string transport, string route, int attempts, string reason);

    [LoggerMessage(22, LogLevel.Warning, "The broker of {Transport} is away ({Reason}); outgoing messages wait in the outbox")]
    public static partial void BrokerAway(this ILogger log, string transport, string reason);

    [LoggerMessage(23, LogLevel.Error, "How {Count} sends by {Transport} ended could not be written; the rows stay. Next try in {Pause}")]
    public static partial void OutcomesNotRecorded(this ILogger log, int count, string transport, TimeSpan pause, Exception error);

    [LoggerMessage(24, LogLevel.Error, "The outbox could not be searched for {Transport}; next try in {Pause}")]
    public static partial void OutboxSearchFailed(this ILogger log, string transport, TimeSpan pause, Exception error);

    [LoggerMessage(25, LogLevel.Warning, "Sending by {Transport} was given up at shutdown; the rows stay in the outbox")]
    public static partial void RelayAborted(this ILogger log, string transport);

    [LoggerMessage(30, LogLevel.Error, "The deferred messages could not be searched; next try in {Pause}")]
    public static partial void DeferralSearchFailed(this ILogger log, TimeSpan pause, Exception error);

    [LoggerMessage(31, LogLevel.Warning, "Old inbox rows could not be removed; next try at the next round")]
    public static partial void RetentionFailed(this ILogger log, Exception error);

    [LoggerMessage(40, LogLevel.Debug, "The outbox could not be measured; its metrics are missing until it can")]
    public static partial void OutboxNotMeasured(this ILogger log, Exception error);
}
