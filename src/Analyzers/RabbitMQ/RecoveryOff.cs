using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1208: a connection that does not come back after it broke.</summary>
public sealed class RecoveryOff : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.RecoveryOff,
        Rules.RabbitMqPublishing,
        "The connection does not recover by itself",
        "'{0}' is false: {1}",
        "AutomaticRecoveryEnabled and TopologyRecoveryEnabled are on by default: the client reconnects, declares queues, exchanges and bindings again and starts the consumers. Leave them on unless you do all that yourself.");

    /// <summary>Creates the rule.</summary>
    public RecoveryOff()
        : base(Rule)
    {
    }

    internal override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.RabbitMq6 is null && flow.Types.RabbitMq7 is null)
            return;

        context.RegisterOperationAction(operation => Judge((ISimpleAssignmentOperation)operation.Operation, flow, operation.ReportDiagnostic), OperationKind.SimpleAssignment);
    }

    private static void Judge(ISimpleAssignmentOperation assignment, CompilationFlow flow, Action<Diagnostic> report)
    {
        if (assignment.Target is not IPropertyReferenceOperation { Property: { Name: "AutomaticRecoveryEnabled" or "TopologyRecoveryEnabled", ContainingType.Name: "ConnectionFactory" } property }
            || !flow.Types.IsClientCode(property)
            || flow.Judge(assignment.Value, static value => value is false) is not { Finding: Finding.Always }
            || (property.Name == "AutomaticRecoveryEnabled" && ReconnectsByItself(assignment, flow)))
        {
            return;
        }

        var lost = property.Name == "AutomaticRecoveryEnabled"
            ? "when the connection breaks, consumers stop without an error and publishes fail until the process is restarted"
            : "after a reconnect queues, exchanges, bindings and consumers that went with the connection are not declared again";
        var client = flow.Types.RabbitMq7 is { } seven && SymbolEqualityComparer.Default.Equals(property.ContainingAssembly, seven.Assembly) ? DiagnosticKeys.ClientRabbitMq7 : DiagnosticKeys.ClientRabbitMq6;
        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(DiagnosticKeys.Client, client).Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten).Add(DiagnosticKeys.Member, property.Name);
        report(Diagnostic.Create(Rule, assignment.Value.Syntax.GetLocation(), properties, property.Name, lost));
    }

    /// <summary>Whether code around listens for lost connections, as those do that reconnect by themselves.</summary>
    private static bool ReconnectsByItself(IOperation site, CompilationFlow flow)
    {
        var type = site.SemanticModel?.GetEnclosingSymbol(site.Syntax.SpanStart)?.ContainingType;
        var code = type is null ? new[] { flow.BodyAround(site) } : flow.BodiesOf(type).All;
        return code.Any(static body => body.Root.Descendants().Any(static one => one is IEventReferenceOperation { Event.Name: "ConnectionShutdown" or "ConnectionShutdownAsync" }));
    }
}
