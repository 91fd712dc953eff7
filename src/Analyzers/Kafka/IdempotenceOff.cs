using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2102: a producer whose retries double and reorder records.</summary>
public sealed class IdempotenceOff : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.IdempotenceOff,
        Rules.KafkaProducing,
        "Retries may double and reorder records",
        "{0}: when an answer is lost the client sends the batch again, and the broker stores it twice, or behind later ones",
        "With EnableIdempotence = true the broker recognises a batch that it has already stored. Confluent.Kafka leaves it off by default.");

    /// <summary>Creates the rule.</summary>
    public IdempotenceOff()
        : base(Rule)
    {
    }

    private protected override void JudgeBuilder(IObjectCreationOperation builder, KafkaUse use)
    {
        if (!use.Kafka.IsProducerBuilder(builder.Type) || builder.Argument("config")?.Value is not { } config)
            return;

        // A transactional producer is idempotent.
        var verdict = use.Setting(config, KafkaKeys.EnableIdempotence, static value => value is null ? true : KafkaValues.Flag(value) is { } on ? !on : null);
        if (!verdict.IsReported || use.IsSet(config, KafkaKeys.TransactionalId))
            return;

        if (verdict.Cause.Kind != OutcomeKind.Unset)
            use.Report(config, "EnableIdempotence", verdict, DiagnosticSeverity.Warning, $"'EnableIdempotence' {verdict.Is} false");
        else if (!ContradictsIdempotence(config, use))
            use.Report(config, "EnableIdempotence", verdict, DiagnosticSeverity.Info, "'EnableIdempotence' is not set and defaults to false");
    }

    /// <summary>Whether turning it on would make Build throw: those settings are other rules' reports.</summary>
    private static bool ContradictsIdempotence(IOperation config, KafkaUse use) =>
        use.Setting(config, "request.required.acks", static value => value is null or "all" || KafkaValues.Number(value) == -1) is not { Finding: Finding.Always }
        || use.Setting(config, KafkaKeys.MaxInFlight, static value => value is null || KafkaValues.Number(value) <= 5) is not { Finding: Finding.Always }
        || use.Setting(config, KafkaKeys.Retries, static value => value is null || KafkaValues.Number(value) > 0) is not { Finding: Finding.Always };
}
