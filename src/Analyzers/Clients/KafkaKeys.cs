namespace Reliability.Analyzers.Clients;

/// <summary>librdkafka's configuration keys, under one name each: a key may be written with an alias or with the prefix <c>topic.</c>.</summary>
internal static class KafkaKeys
{
    public const string Acks = "request.required.acks";
    public const string EnableAutoCommit = "enable.auto.commit";
    public const string EnableAutoOffsetStore = "enable.auto.offset.store";
    public const string AutoOffsetReset = "auto.offset.reset";
    public const string EnableIdempotence = "enable.idempotence";
    public const string TransactionalId = "transactional.id";
    public const string Retries = "message.send.max.retries";
    public const string MessageTimeout = "message.timeout.ms";
    public const string MaxInFlight = "max.in.flight.requests.per.connection";
    public const string EnableDeliveryReports = "dotnet.producer.enable.delivery.reports";

    /// <summary>The key that a written key stands for. Keys are case-sensitive.</summary>
    public static string Canonical(string key)
    {
        const string prefix = "topic.";
        var plain = key.StartsWith(prefix, StringComparison.Ordinal) ? key.Substring(prefix.Length) : key;
        return plain switch
        {
            "acks" => Acks,
            "auto.commit.enable" => EnableAutoCommit,
            "retries" => Retries,
            "delivery.timeout.ms" => MessageTimeout,
            "max.in.flight" => MaxInFlight,
            _ => plain,
        };
    }

    /// <summary>The key that a property of the configuration classes writes, or null where no rule asks for it.</summary>
    public static string? OfProperty(string property) => property switch
    {
        "Acks" => Acks,
        "EnableAutoCommit" => EnableAutoCommit,
        "EnableAutoOffsetStore" => EnableAutoOffsetStore,
        "AutoOffsetReset" => AutoOffsetReset,
        "EnableIdempotence" => EnableIdempotence,
        "TransactionalId" => TransactionalId,
        "MessageSendMaxRetries" => Retries,
        "MessageTimeoutMs" => MessageTimeout,
        "MaxInFlight" => MaxInFlight,
        "EnableDeliveryReports" => EnableDeliveryReports,
        _ => null,
    };
}
