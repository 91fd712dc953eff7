using System.Collections.Frozen;

namespace Reliability;

/// <summary>librdkafka settings that would break what this library promises, by every name that librdkafka knows them by.</summary>
internal static class RefusedSettings
{
    private static readonly string[] True = ["true", "t", "1"];
    private static readonly string[] False = ["false", "f", "0"];

    private static readonly FrozenDictionary<string, Rule> Rules = new Dictionary<string, Rule>
    {
        ["bootstrap.servers"] = Option(nameof(KafkaOptions.BootstrapServers)),
        ["metadata.broker.list"] = Option(nameof(KafkaOptions.BootstrapServers)),
        ["group.id"] = Option(nameof(KafkaOptions.GroupId)),
        ["message.timeout.ms"] = Option(nameof(KafkaOptions.ConfirmTimeout)),
        ["delivery.timeout.ms"] = Option(nameof(KafkaOptions.ConfirmTimeout)),
        ["acks"] = new(["all", "-1"], "a message is lost with its leader unless all in-sync replicas have it"),
        ["request.required.acks"] = new(["all", "-1"], "a message is lost with its leader unless all in-sync replicas have it"),
        ["enable.idempotence"] = new(True, "without it the client's own retries double and reorder messages"),
        ["transactional.id"] = new([], "the outbox sends outside Kafka transactions"),
        ["dotnet.producer.enable.background.poll"] = new(True, "without it no confirm ever arrives"),
        ["dotnet.producer.enable.delivery.reports"] = new(True, "without them every message counts as sent, also a lost one"),
        ["dotnet.producer.delivery.report.fields"] = new(["status"], "the status says whether a message may have arrived"),
        ["enable.auto.commit"] = new(False, "offsets would move before the handler's commit, and a crash would lose the messages between"),
        ["auto.commit.enable"] = new(False, "offsets would move before the handler's commit, and a crash would lose the messages between"),
        ["enable.auto.offset.store"] = new(False, "offsets would move before the handler's commit, and a crash would lose the messages between"),
        ["auto.offset.reset"] = new(["earliest", "smallest", "beginning"],
            "any other value skips messages wherever no offset is committed yet, such as on an added partition. To begin at the end once, set the group's offsets with kafka-consumer-groups.sh --reset-offsets"),
        ["isolation.level"] = new(["read_committed"], "messages of aborted transactions would be handled"),
        ["dotnet.consumer.consume.result.fields"] = new(["all"], "the message id travels in the headers"),
    }.ToFrozenDictionary();

    /// <summary>One sentence for every refused setting. Only values of the settings above are repeated: none of them is a secret.</summary>
    public static IEnumerable<string> Check(IEnumerable<KeyValuePair<string, string>> settings) =>
        from setting in settings
        // librdkafka takes a topic's settings with this prefix too.
        let key = setting.Key.StartsWith("topic.", StringComparison.Ordinal) ? setting.Key["topic.".Length..] : setting.Key
        let rule = Rules.GetValueOrDefault(key)
        where rule is not null && !rule.Allowed.Contains(setting.Value, StringComparer.OrdinalIgnoreCase)
        select rule.Allowed.Length == 0
            ? $"KafkaOptions.Client[\"{setting.Key}\"] is not allowed: {rule.Reason}. Remove it."
            : $"KafkaOptions.Client[\"{setting.Key}\"] is '{setting.Value}'; only '{rule.Allowed[0]}' is allowed: {rule.Reason}.";

    private static Rule Option(string option) => new([], $"KafkaOptions.{option} sets it");

    private sealed record Rule(string[] Allowed, string Reason);
}
