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

    [LoggerMessage(16, LogLevel.Warning, "{Handler} still runs on message {MessageId} from '{Source}' after {Took}, though its token was cancelled after {Allowed}. Its transaction stays open, and what comes behind it waits; have the handler heed its CancellationToken")]
    public static partial void HandlerIgnoresToken(this ILogger log, string handler, string messageId, string source, TimeSpan took, TimeSpan allowed);

    [LoggerMessage(17, LogLevel.Warning, "{Handler}'s run on message {MessageId} from '{Source}' was undone by the database for no fault of the message's; it is repeated in {Pause} and not counted")]
    public static partial void RunUndone(this ILogger log, string handler, string messageId, string source, TimeSpan pause, Exception error);

    [LoggerMessage(18, LogLevel.Error, "Receiving from {Transport} '{Source}' has stopped: {Handler} met, on message {MessageId}, an error that every message would meet (StopOn). Nothing was counted, all messages are kept. Remove the cause, then resume by ISubscriptions.ResumeAsync or restart the process")]
    public static partial void SourceStopped(this ILogger log, string transport, string source, string handler, string messageId, Exception error);

    [LoggerMessage(19, LogLevel.Information, "Receiving from {Transport} '{Source}' is resumed")]
    public static partial void SourceResumed(this ILogger log, string transport, string source);

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

    [LoggerMessage(50, LogLevel.Debug, "The outbox could not be measured; its metrics are missing until it can")]
    public static partial void OutboxNotMeasured(this ILogger log, Exception error);

    [LoggerMessage(32, LogLevel.Warning, "{Count} messages wait, the oldest since {OldestAt}, for another attempt of '{Handler}', which this process has not. Unless another process on this store has it: was it renamed, name the old name in its FormerNames; was it removed, bring it back until they are done")]
    public static partial void HandlerIsGone(this ILogger log, string handler, long count, DateTimeOffset oldestAt);

    [LoggerMessage(33, LogLevel.Warning, "The lease of message {MessageId} from '{Source}', whose handler still runs, could not be prolonged; it is tried again")]
    public static partial void LeaseNotRenewed(this ILogger log, string messageId, string source, Exception error);

    [LoggerMessage(34, LogLevel.Warning, "Message {MessageId} from '{Source}', whose attempt shall not count, could not be given back; it stays deferred, with the attempt counted")]
    public static partial void NotGivenBack(this ILogger log, string messageId, string source, Exception error);

    [LoggerMessage(35, LogLevel.Warning, "How many messages wait for handlers that are gone could not be asked")]
    public static partial void UnclaimedNotCounted(this ILogger log, Exception error);

    [LoggerMessage(40, LogLevel.Information, "The turn at the ordered local queue '{Queue}' is this process's")]
    public static partial void TurnBegins(this ILogger log, string queue);

    [LoggerMessage(41, LogLevel.Warning, "The turn at the ordered local queue '{Queue}' went to another process; nothing more is taken from it here")]
    public static partial void TurnLost(this ILogger log, string queue);

    [LoggerMessage(42, LogLevel.Warning, "Whose turn it is at the ordered local queue '{Queue}' could not be asked; it is asked again")]
    public static partial void TurnNotKnown(this ILogger log, string queue, Exception error);
}
