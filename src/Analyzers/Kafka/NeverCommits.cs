using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2003: a consumer whose offsets never move.</summary>
public sealed class NeverCommits : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.NeverCommits,
        Rules.KafkaConsuming,
        "Offsets are never committed",
        "Automatic commit is off, and nothing ever commits or stores an offset on this consumer: after every restart and every rebalance the group begins again where it began before",
        "With EnableAutoCommit = false the consumer's offsets move only by Commit (or StoreOffset, where the timer commits). Commit after the work of each record, or of each batch.");

    /// <summary>Creates the rule.</summary>
    public NeverCommits()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (!use.Kafka.Builds(use.Call.TargetMethod) || !use.Kafka.IsConsumerBuilder(use.Call.TargetMethod.ContainingType) || use.ConfigOf(use.Call) is not { } config
            || use.Setting(config, KafkaKeys.EnableAutoCommit, static value => value is null ? false : KafkaValues.Flag(value) is { } on ? !on : null) is not { Finding: Finding.Always } off)
        {
            return;
        }

        // Offsets that are kept elsewhere are assigned or sought; a revoked handler may commit on a consumer of its own name.
        var life = Channels.OfBuilt(use.Call, use.Flow);
        if (life.IsKnown && life.Calls.Any(static one => one.Call.TargetMethod.Name == "Consume") && !life.Calls.Any(static one => MovesOffsets(one.Call)) && !use.CodeAround().Any(body => body.KafkaCalls.Any(MovesOffsets) || use.Options.CommitMethods.In(body.Root).Any()))
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseMissing, null, Finding.Always, new[] { off.Cause.Site?.Syntax.GetLocation() });
    }

    private static bool MovesOffsets(IInvocationOperation call) =>
        call.TargetMethod.Name is "Commit" or "StoreOffset" or "Seek" or "Assign" or "IncrementalAssign" or "SendOffsetsToTransaction" or "SetPartitionsAssignedHandler" or "QueryWatermarkOffsets" or "OffsetsForTimes";
}
