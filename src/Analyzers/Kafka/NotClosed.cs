using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2007: a consumer that goes without saying so.</summary>
public sealed class NotClosed : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.NotClosed,
        Rules.KafkaConsuming,
        "The consumer goes without closing",
        "This consumer is never closed: Dispose commits nothing and does not leave the group, so its last records are processed again, and its partitions stand still until the session times out (45 seconds)",
        "Close commits the offsets that are stored, and leaves the group at once. Dispose does neither. Call Close when the loop ends, in a finally block.");

    /// <summary>Creates the rule.</summary>
    public NotClosed()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (!use.Kafka.Builds(use.Call.TargetMethod) || !use.Kafka.IsConsumerBuilder(use.Call.TargetMethod.ContainingType))
            return;

        var life = Channels.OfBuilt(use.Call, use.Flow);
        if (life.IsKnown && life.Calls.Any(static one => one.Call.TargetMethod.Name == "Consume") && !life.Calls.Any(static one => one.Call.TargetMethod.Name is "Close" or "Assign"))
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseMissing, null, Finding.Always, Enumerable.Empty<Location?>());
    }
}
