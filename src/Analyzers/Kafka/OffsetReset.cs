using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2006: a consumer group that starts behind what is already there.</summary>
public sealed class OffsetReset : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.OffsetReset,
        Rules.KafkaConsuming,
        "A new or expired group skips what is in the topic",
        "{0}: a group without a committed offset (a new one, or one whose offsets have expired) starts at the end, and skips every record that is already in the topic",
        "AutoOffsetReset decides where a group without a committed offset starts; its default is the end of the topic. Set Earliest, unless older records are worth nothing.",
        DiagnosticSeverity.Info);

    /// <summary>Creates the rule.</summary>
    public OffsetReset()
        : base(Rule)
    {
    }

    private protected override void JudgeBuilder(IObjectCreationOperation builder, KafkaUse use)
    {
        if (!use.Kafka.IsConsumerBuilder(builder.Type) || builder.Argument("config")?.Value is not { } config)
            return;

        var verdict = use.Setting(config, KafkaKeys.AutoOffsetReset, static value => value switch
        {
            null => true,
            int number => number == 0,
            "latest" or "largest" or "end" => true,
            string => false,
            _ => null,
        });

        // Code that chooses between Latest and Earliest has decided.
        if (verdict.IsReported && (verdict.Finding == Finding.Always || verdict.Cause.Kind == OutcomeKind.Unset))
        {
            var says = verdict.Cause.Kind == OutcomeKind.Unset ? "'AutoOffsetReset' is not set and defaults to Latest" : $"'AutoOffsetReset' {verdict.Is} Latest";
            use.Report(config, "AutoOffsetReset", verdict, Rule.DefaultSeverity, says);
        }
    }
}
