namespace Reliability.Analyzers;

/// <summary>The ids of all rules, their categories, and the one place their pages are linked from.</summary>
internal static class Rules
{
    public const string AutoAck = "REL1001";
    public const string NonDurableExchange = "REL1101";
    public const string NonDurableQueue = "REL1102";
    public const string TransientMessage = "REL1201";
    public const string MissingConfirms = "REL1202";
    public const string AutoCommit = "REL2001";
    public const string AcksNotAll = "REL2101";

    public const string RabbitMqConsuming = "RabbitMQ.Consuming";
    public const string RabbitMqTopology = "RabbitMQ.Topology";
    public const string RabbitMqPublishing = "RabbitMQ.Publishing";
    public const string KafkaConsuming = "Kafka.Consuming";
    public const string KafkaProducing = "Kafka.Producing";

    private const string HelpLinkBase = "https://github.com/reliability-dotnet/reliability/blob/main/docs/rules/";

    /// <summary>The page of a rule.</summary>
    public static string HelpLink(string id) => HelpLinkBase + id + ".md";
}
