using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2008: an offset stored by hand while the client stores them too.</summary>
public sealed class StoreWithAutoStore : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.StoreWithAutoStore,
        Rules.KafkaConsuming,
        "StoreOffset throws while the client stores offsets itself",
        "'EnableAutoOffsetStore' {0}: this StoreOffset throws KafkaException (Local: Invalid argument or configuration) at run time",
        "StoreOffset needs EnableAutoOffsetStore = false: otherwise Consume has stored the offset already, before the work.");

    /// <summary>Creates the rule.</summary>
    public StoreWithAutoStore()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (use.Name != "StoreOffset" || !use.IsOnConsumer || Channels.OfKafka(use.Call, use.Flow) is not { Creations: { Length: 1 } creations } || use.ConfigOf(creations[0]) is not { } config)
            return;

        var verdict = use.Setting(config, KafkaKeys.EnableAutoOffsetStore, static value => value is null ? true : KafkaValues.Flag(value));
        if (verdict.Finding == Finding.Always)
        {
            use.Report(
                use.Call.NameLocation(), DiagnosticKeys.CauseUnset, "EnableAutoOffsetStore", verdict.Finding, new[] { verdict.Cause.Site?.Syntax.GetLocation() },
                verdict.Cause.Kind == OutcomeKind.Unset ? "is not set and defaults to true" : "is true");
        }
    }
}
