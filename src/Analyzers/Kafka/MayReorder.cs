using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2107: a producer that may store records in another order.</summary>
public sealed class MayReorder : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.MayReorder,
        Rules.KafkaProducing,
        "A retry may change the order of records",
        "'MaxInFlight' {0} {1} while idempotence is off: a batch that is sent again lands behind later ones",
        "With several requests on their way and no idempotence, a retried batch is stored after batches that were produced later. Turn EnableIdempotence on, which keeps order with up to five, or set MaxInFlight = 1.",
        DiagnosticSeverity.Info);

    /// <summary>Creates the rule.</summary>
    public MayReorder()
        : base(Rule)
    {
    }

    private protected override void JudgeBuilder(IObjectCreationOperation builder, KafkaUse use)
    {
        if (!use.Kafka.IsProducerBuilder(builder.Type) || builder.Argument("config")?.Value is not { } config || use.IsSet(config, KafkaKeys.TransactionalId))
            return;

        var idempotence = use.Setting(config, KafkaKeys.EnableIdempotence, static value => value is null ? true : KafkaValues.Flag(value) is { } on ? !on : null);
        var verdict = use.Setting(config, KafkaKeys.MaxInFlight, static value => value is null ? false : KafkaValues.Number(value) is { } number ? number > 1 : null);
        if (verdict.IsReported && idempotence is { Finding: Finding.Always })
            use.Report(config, "MaxInFlight", verdict, Rule.DefaultSeverity, verdict.Is, use.Flow.Constant(verdict.Cause.Value!) is { HasValue: true, Value: { } number } ? number : "more than 1");
    }
}
