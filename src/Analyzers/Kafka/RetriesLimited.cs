using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2103: a producer that gives up early, where nobody takes over.</summary>
public sealed class RetriesLimited : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.RetriesLimited,
        Rules.KafkaProducing,
        "The producer gives up early, and nothing handles the failed delivery",
        "'{0}' {1} {2}: {3}, and nothing around handles a failed delivery",
        "librdkafka retries until message.timeout.ms (five minutes) is over. A leader election or a broker restart takes longer than a few retries or a short timeout; then the record is given up. Leave the defaults, or handle the failure.");

    /// <summary>Creates the rule.</summary>
    public RetriesLimited()
        : base(Rule)
    {
    }

    private protected override void JudgeBuilder(IObjectCreationOperation builder, KafkaUse use)
    {
        if (!use.Kafka.IsProducerBuilder(builder.Type) || builder.Argument("config")?.Value is not { } config || !Deliveries.AreUnhandled(use))
            return;

        var retries = use.Setting(config, KafkaKeys.Retries, static value => value is null ? false : KafkaValues.Number(value) is { } number ? number < 100 : null);
        if (retries.IsReported)
            Report("MessageSendMaxRetries", retries, "the record is given up after that many attempts, which a broker restart outlasts");

        var timeout = use.Setting(config, KafkaKeys.MessageTimeout, static value => value is null ? false : KafkaValues.Number(value) is { } number ? number is > 0 and < 30000 : null);
        if (timeout.IsReported)
            Report("MessageTimeoutMs", timeout, "the record is given up after that many milliseconds, which a leader election outlasts");

        void Report(string member, Verdict verdict, string lost) =>
            use.Report(config, member, verdict, Rule.DefaultSeverity, member, verdict.Is, use.Flow.Constant(verdict.Cause.Value!) is { HasValue: true, Value: { } number } ? number : "low", lost);
    }
}
