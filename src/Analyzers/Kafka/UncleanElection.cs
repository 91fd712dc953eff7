using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2203: a topic that may choose a leader which lacks records.</summary>
public sealed class UncleanElection : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.UncleanElection,
        Rules.KafkaTopics,
        "A broker that lacks records may become leader",
        "'unclean.leader.election.enable' is true: when no replica is in sync a broker that lacks records becomes leader, and acknowledged records are gone",
        "With unclean leader election a topic stays available at the price of records that were acknowledged. Leave it off, which is the default.");

    /// <summary>Creates the rule.</summary>
    public UncleanElection()
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
        if (TopicSettings.At(assignment, "unclean.leader.election.enable", flow) is { Site: { } site } setting && KafkaValues.Flag(setting.Value) == true)
            TopicSettings.Report(Rule, assignment, site, "unclean.leader.election.enable", report);
    }
}
