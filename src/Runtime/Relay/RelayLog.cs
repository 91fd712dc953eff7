using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>What the relay logs beside <see cref="Log"/>.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(26, LogLevel.Warning, "The share of {Duty} could not be taken or prolonged; keyed messages wait until it is, or another process takes them. Next try in {Pause}")]
    public static partial void SharesNotTaken(this ILogger log, string duty, TimeSpan pause, Exception error);

    [LoggerMessage(27, LogLevel.Information, "The broker of {Transport} answers again")]
    public static partial void BrokerBack(this ILogger log, string transport);

    [LoggerMessage(28, LogLevel.Warning, "What {Transport} had in hand at shutdown could not be given back; its leases end by themselves")]
    public static partial void NotGivenBack(this ILogger log, string transport, Exception error);

    [LoggerMessage(29, LogLevel.Error, "The transport {Transport} said nothing of message {MessageId} within {Timeout}; it is sent again under its id")]
    public static partial void TransportSilent(this ILogger log, string transport, string messageId, TimeSpan timeout);
}
