using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2105: a producer that is left with records in its queue.</summary>
public sealed class NotFlushed : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.NotFlushed,
        Rules.KafkaProducing,
        "Records are still in the queue when the producer goes",
        "{0}",
        "Produce returns when the record is in the client's queue. Dispose drops what is still there. Call Flush before the producer goes, and look at what Flush(TimeSpan) returns: the number of records that are still not delivered.");

    /// <summary>Creates the rule.</summary>
    public NotFlushed()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (use.Kafka.Builds(use.Call.TargetMethod) && use.Kafka.IsProducerBuilder(use.Call.TargetMethod.ContainingType))
            JudgeLife(use);
        else if (use.IsOnProducer && use.Name == "Flush" && use.Call.Argument("timeout") is not null && use.Call.IsDropped() && LeavesRecordsBehind(use))
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseOmitted, null, Finding.Always, Enumerable.Empty<Location?>(), DiagnosticSeverity.Info, "The result of Flush is dropped: it is the number of records that were not delivered in time, and are lost when the producer goes");
    }

    /// <summary>Whether code around counts on Flush for its deliveries: a task of ProduceAsync that is kept tells of its record by itself.</summary>
    private static bool LeavesRecordsBehind(KafkaUse use) => use.CodeAround().SelectMany(static body => body.KafkaCalls)
        .Any(static one => KafkaTypes.IsProducer(one.TargetMethod) && (one.TargetMethod.Name == "Produce" || (one.TargetMethod.Name == "ProduceAsync" && one.IsDropped())));

    private static void JudgeLife(KafkaUse use)
    {
        var life = Channels.OfBuilt(use.Call, use.Flow);
        var calls = life.Calls.Select(static one => one.Call).ToList();
        if (!life.IsKnown || calls.Any(static one => one.TargetMethod.Name is "Flush" or "CommitTransaction") || calls.FirstOrDefault(static one => one.TargetMethod.Name == "Produce") is not { } produce)
            return;

        use.Report(
            use.Call.NameLocation(), DiagnosticKeys.CauseMissing, null, Finding.Always, new[] { produce.Syntax.GetLocation() },
            "This producer is used with Produce and never flushed: records that are still in its queue when it is disposed, or when the process ends, are dropped");
    }
}
