using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Everything this transport logs. Topics, offsets and the client's reasons; never a setting's value, a body or a header.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(300, LogLevel.Information, "Kafka {Brokers}: sends, and receives as group '{Group}'")]
    public static partial void KafkaStarted(this ILogger log, string brokers, string group);

    [LoggerMessage(EventId = 301, Message = "Kafka {Client} at {Brokers}: {Reason}. {Advice} It goes on trying; messages stay where they are")]
    public static partial void BrokerTrouble(this ILogger log, LogLevel level, string client, string brokers, string reason, string advice);

    [LoggerMessage(302, LogLevel.Error, "Kafka {Client}, topic '{Topic}': {Reason}. {Advice} It goes on trying; messages stay where they are")]
    public static partial void TopicTrouble(this ILogger log, string client, string topic, string reason, string advice);

    [LoggerMessage(303, LogLevel.Information, "Kafka {Client} at {Brokers}: works again")]
    public static partial void TroubleOver(this ILogger log, string client, string brokers);

    [LoggerMessage(304, LogLevel.Warning, "The Kafka {Client} could not go on and is built anew: {Reason}. Nothing is lost: what is open is sent or delivered again")]
    public static partial void ClientRebuilt(this ILogger log, string client, string reason);

    [LoggerMessage(305, LogLevel.Warning, "The Kafka {Client} did not close within {Limit}; what was open is sent or delivered again")]
    public static partial void NotClosed(this ILogger log, string client, TimeSpan limit, Exception? error);

    [LoggerMessage(310, LogLevel.Information, "Topic '{Topic}': partitions {Partitions} assigned")]
    public static partial void Assigned(this ILogger log, string topic, string partitions);

    [LoggerMessage(311, LogLevel.Information, "Topic '{Topic}': partitions {Partitions} taken back ({How}); {Unfinished} deliveries in hand come again elsewhere")]
    public static partial void Revoked(this ILogger log, string topic, string partitions, string how, int unfinished);

    [LoggerMessage(312, LogLevel.Warning, "Offsets of topic '{Topic}' could not be committed: {Reason}; next try in {Pause}. Handled messages may come again and are dropped")]
    public static partial void NotCommitted(this ILogger log, string topic, string reason, TimeSpan pause);

    [LoggerMessage(313, LogLevel.Warning, "Topic '{Topic}'[{Partition}] begins again at offset {Offset}, below {Last}: it was created anew or lost records. What is there now is handled")]
    public static partial void BeginsAgain(this ILogger log, string topic, int partition, long offset, long last);

    [LoggerMessage(314, LogLevel.Error, "Receiving from topic '{Topic}' failed; the consumer is built anew in {Pause}")]
    public static partial void ReceivingFailed(this ILogger log, string topic, TimeSpan pause, Exception error);

    [LoggerMessage(315, LogLevel.Debug, "Topic '{Topic}': nothing more is taken until handlers catch up")]
    public static partial void Paused(this ILogger log, string topic);

    [LoggerMessage(316, LogLevel.Warning, "Topic '{Topic}' was deleted and created anew. Offsets of the old one are not committed any more; what is in the new one is handled from its beginning")]
    public static partial void TopicReplaced(this ILogger log, string topic);

    [LoggerMessage(317, LogLevel.Error, "Topic '{Topic}' has no id, so a handler that dedupes by offset could not tell its records from those of a topic that is created anew under its name. Nothing is received from it. Use brokers of version 2.8 or newer, or dedupe by a key")]
    public static partial void TopicWithoutId(this ILogger log, string topic);

    [LoggerMessage(320, LogLevel.Warning, "Topic '{Topic}' {Says}")]
    public static partial void TopicFlawed(this ILogger log, string topic, string says);

    [LoggerMessage(321, LogLevel.Information, "Topics are looked at once a broker of {Brokers} answers; asked again in {Pause}")]
    public static partial void TopicsWaitForBroker(this ILogger log, string brokers, TimeSpan pause);

    [LoggerMessage(323, LogLevel.Information, "Topics could not be checked: {Reason}")]
    public static partial void NotChecked(this ILogger log, string reason);

    [LoggerMessage(330, LogLevel.Debug, "librdkafka {Name} {Facility}: {Text}")]
    private static partial void ClientLine(this ILogger log, string name, string facility, string text);

    /// <summary>The client's own lines: what matters in them comes as an error too.</summary>
    public static void Client(this ILogger log, LogMessage line) => log.ClientLine(line.Name, line.Facility, line.Message);
}
