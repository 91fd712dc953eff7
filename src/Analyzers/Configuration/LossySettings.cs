using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.Configuration;

/// <summary>Which settings of a file lose messages, and what.</summary>
internal static class LossySettings
{
    /// <summary>
    /// Kafka's settings. A dotted key (<c>enable.auto.commit</c>) can mean nothing else; the name of a property (<c>EnableAutoCommit</c>) counts in a section that speaks of Kafka,
    /// or names brokers beside it.
    /// </summary>
    public static IEnumerable<(Setting Setting, string Lost)> OfKafka(IReadOnlyList<Setting> settings, bool isAllKafkas = false)
    {
        foreach (var section in settings.GroupBy(static one => one.Section))
        {
            var isKafkas = isAllKafkas || section.Key.IndexOf("kafka", StringComparison.OrdinalIgnoreCase) >= 0
                || section.Any(static one => one.Key is "BootstrapServers" or "bootstrap.servers" or "metadata.broker.list");
            var entries = section.Select(one => (Setting: one, Key: KeyOf(one.Key, isKafkas))).Where(static one => one.Key is not null).ToList();
            var storesByHand = entries.Any(static one => one.Key == KafkaKeys.EnableAutoOffsetStore && Is(one.Setting, "false"));
            foreach (var (setting, key) in entries)
            {
                var lost = key switch
                {
                    KafkaKeys.Acks when Is(setting, "0") || Is(setting, "none") => "the producer reports success before any broker has the record",
                    KafkaKeys.Acks when Is(setting, "1") || Is(setting, "leader") => "the leader answers before its followers have the record, and a record that was reported as delivered is lost when that leader fails",
                    KafkaKeys.EnableAutoCommit when Is(setting, "true") && !storesByHand => "offsets move on a timer, whatever became of the records",
                    KafkaKeys.EnableIdempotence when Is(setting, "false") => "a retry may store a record twice, or behind later ones",
                    KafkaKeys.EnableDeliveryReports when Is(setting, "false") => "nobody hears of a record that was not delivered",
                    "unclean.leader.election.enable" when Is(setting, "true") => "a broker that lacks records may become leader, and acknowledged records are gone",
                    "min.insync.replicas" when Is(setting, "1") => "the leader alone may acknowledge a record, which is lost with it",
                    _ => null,
                };
                if (lost is not null)
                    yield return (setting, lost);
            }
        }
    }

    /// <summary>Settings of RabbitMQ's <c>ConnectionFactory</c>, whose names mean nothing else.</summary>
    public static IEnumerable<(Setting Setting, string Lost)> OfRabbitMq(IReadOnlyList<Setting> settings) => settings
        .Where(static one => one.Key is "AutomaticRecoveryEnabled" or "TopologyRecoveryEnabled" && Is(one, "false"))
        .Select(static one => (one, one.Key == "AutomaticRecoveryEnabled"
            ? "when the connection breaks, consumers stop without an error and publishes fail until the process is restarted"
            : "after a reconnect queues, exchanges, bindings and consumers that went with the connection are not declared again"));

    /// <summary>The queues and exchanges of a <c>definitions.json</c>, as <c>rabbitmqctl export_definitions</c> writes it.</summary>
    public static IEnumerable<(Setting Setting, string Lost)> OfDefinitions(IReadOnlyList<Setting> settings, RuleOptions options)
    {
        foreach (var entry in settings.GroupBy(static one => one.Section))
        {
            var isQueue = entry.Key.StartsWith("queues:", StringComparison.Ordinal);
            if ((!isQueue && !entry.Key.StartsWith("exchanges:", StringComparison.Ordinal)) || entry.Key.IndexOf(':', entry.Key.IndexOf(':') + 1) >= 0
                || entry.Any(one => one.Key == "name" && (one.Value.Length == 0 || one.Value.StartsWith("amq.", StringComparison.Ordinal) || IsTransientByDesign(one.Value, isQueue, options))))
            {
                continue;
            }

            foreach (var setting in entry)
            {
                if (setting.Key == "durable" && Is(setting, "false"))
                    yield return (setting, isQueue ? "when the broker restarts, this queue is gone with every message in it" : "when the broker restarts, this exchange and its bindings are gone");
                else if (isQueue && setting.Key == "auto_delete" && Is(setting, "true"))
                    yield return (setting, "the broker deletes this queue, with every message in it, when its last consumer goes");
            }
        }
    }

    private static bool IsTransientByDesign(string name, bool isQueue, RuleOptions options) =>
        (isQueue ? options.QueuesTransientByDesign : options.ExchangesTransientByDesign).Match(name);

    private static string? KeyOf(string key, bool isKafkas) =>
        key == "acks" ? (isKafkas ? KafkaKeys.Acks : null) : key.IndexOf('.') >= 0 ? KafkaKeys.Canonical(key) : isKafkas ? KafkaKeys.OfProperty(key) : null;

    private static bool Is(Setting setting, string value) => setting.Value.Equals(value, StringComparison.OrdinalIgnoreCase);
}
