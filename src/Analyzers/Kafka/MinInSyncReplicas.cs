using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2202: a topic whose acks=all means one broker, or all of them.</summary>
public sealed class MinInSyncReplicas : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.MinInSyncReplicas,
        Rules.KafkaTopics,
        "acks=all waits for too few brokers, or for all of them",
        "'min.insync.replicas' is {0}: {1}",
        "acks=all waits for the replicas that are in sync, and min.insync.replicas says how few these may be. With 1 the leader alone is enough, and its records are lost with it; with as many as there are replicas one broker that is away stops all writes. Use 2 of 3.");

    /// <summary>Creates the rule.</summary>
    public MinInSyncReplicas()
        : base(Rule)
    {
    }

    internal override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.Kafka is not null)
            context.RegisterOperationAction(operation => Judge((ISimpleAssignmentOperation)operation.Operation, flow, operation.ReportDiagnostic), OperationKind.SimpleAssignment);
    }

    private static void Judge(ISimpleAssignmentOperation assignment, CompilationFlow flow, Action<Diagnostic> report)
    {
        if (TopicSettings.At(assignment, "min.insync.replicas", flow) is not { Site: { } site } setting || KafkaValues.Number(setting.Value) is not { } wanted)
            return;

        var replicas = TopicSettings.ReplicationFactorBeside(assignment, flow);
        var lost = wanted <= 1 ? "the leader alone may acknowledge a record, which is lost with it, in spite of acks=all"
            : replicas > 0 && wanted >= replicas ? $"of {replicas} replicas all must be in sync, so that one broker that is away stops all writes"
            : null;
        if (lost is not null)
            TopicSettings.Report(Rule, assignment, site, "min.insync.replicas", report, wanted, lost);
    }
}
