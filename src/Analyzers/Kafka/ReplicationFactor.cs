using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2201: a topic with one copy, or fewer than the project asks for.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReplicationFactor : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.ReplicationFactor,
        Rules.KafkaTopics,
        "The topic has too few copies",
        "'ReplicationFactor' {0} {1}: {2}",
        "A topic with a replication factor of 1 cannot be read or written while its broker is away, and is lost with its disk, whatever acks says. Use 3, or -1 for the broker's default.");

    /// <summary>Creates the rule.</summary>
    public ReplicationFactor()
        : base(Rule)
    {
    }

    private protected override void Watch(CompilationStartAnalysisContext context, CompilationFlow flow)
    {
        if (flow.Types.Kafka is not null)
            context.RegisterOperationAction(operation => Judge((ISimpleAssignmentOperation)operation.Operation, flow, RuleOptions.For(operation.Operation.Syntax.SyntaxTree, operation.Options), operation.ReportDiagnostic), OperationKind.SimpleAssignment);
    }

    private static void Judge(ISimpleAssignmentOperation assignment, CompilationFlow flow, RuleOptions options, Action<Diagnostic> report)
    {
        if (assignment.Target is not IPropertyReferenceOperation { Property: { Name: "ReplicationFactor", ContainingType: { } type } } || !KafkaTypes.IsTopicSpecification(type)
            || flow.Judge(assignment.Value, value => KafkaValues.Number(value) is >= 0 and var copies && copies < options.MinimumReplicationFactor) is not { IsReported: true } verdict)
        {
            return;
        }

        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, DiagnosticKeys.ClientKafka).Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten).Add(DiagnosticKeys.Member, "ReplicationFactor");
        if (verdict.Finding == Finding.Sometimes)
            properties = properties.Add(DiagnosticKeys.Sometimes, "true");
        var factor = verdict.Cause.Value!.ConstantValue.Value!;
        var lost = KafkaValues.Number(factor) > 1
            ? $"fewer than the {options.MinimumReplicationFactor} copies that '{RuleOptions.ReplicationFactor.Key}' asks for"
            : "the topic's records are on one broker only, and gone with its disk";
        report(Diagnostic.Create(Rule, assignment.Value.Syntax.GetLocation(), properties, verdict.Is, factor, lost));
    }
}
