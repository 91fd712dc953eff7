using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2101: a producer that counts a record as delivered before all in-sync replicas have it.</summary>
public sealed class AcksNotAll : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.AcksNotAll,
        Rules.KafkaProducing,
        "Records count as delivered before they are replicated",
        "{0}: {1}",
        "Only acks=all waits until every in-sync replica has the record. With acks=1 a leader that fails before its followers have copied the record takes it along; "
        + "with acks=0 not even the leader is waited for. Use Acks.All, which is also the default.");

    /// <summary>Creates the rule.</summary>
    public AcksNotAll()
        : base(Rule)
    {
    }

    internal override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.Kafka is not { } kafka)
            return;

        context.RegisterOperationAction(
            operation => JudgeAssignment((ISimpleAssignmentOperation)operation.Operation, kafka, flow, operation.ReportDiagnostic), OperationKind.SimpleAssignment);
        context.RegisterOperationAction(
            operation => JudgeSet((IInvocationOperation)operation.Operation, kafka, flow, operation.ReportDiagnostic), OperationKind.Invocation);
        context.RegisterOperationAction(
            operation => JudgeBuilder((IObjectCreationOperation)operation.Operation, kafka, flow, operation.ReportDiagnostic), OperationKind.ObjectCreation);
    }

    /// <summary><c>config.Acks = …</c>, in an initializer or later.</summary>
    private static void JudgeAssignment(ISimpleAssignmentOperation assignment, KafkaTypes kafka, CompilationFlow flow, Action<Diagnostic> report)
    {
        if (assignment.Target is IPropertyReferenceOperation { Property: { Name: "Acks" } property, Instance: { } instance }
            && kafka.IsConfig(property.ContainingType)
            && !kafka.NeverProduces(instance.Type))
        {
            Judge(assignment.Value, assignment, instance, flow, report);
        }
    }

    /// <summary><c>config.Set("acks", …)</c> under any name of the key.</summary>
    private static void JudgeSet(IInvocationOperation call, KafkaTypes kafka, CompilationFlow flow, Action<Diagnostic> report)
    {
        if (call is { TargetMethod: { Name: "Set", Parameters.Length: 2 }, Instance: { } instance }
            && kafka.IsConfig(call.TargetMethod.ContainingType)
            && !kafka.NeverProduces(instance.Type)
            && call.Argument("key") is { } key
            && call.Argument("val") is { } value
            && flow.Text(key.Value) is { } text
            && KafkaKeys.Canonical(text) == KafkaKeys.Acks)
        {
            Judge(value.Value, call, instance, flow, report);
        }
    }

    /// <summary>A dictionary says nothing about Kafka until a producer, or a producer's configuration, is made from it.</summary>
    private static void JudgeBuilder(IObjectCreationOperation creation, KafkaTypes kafka, CompilationFlow flow, Action<Diagnostic> report)
    {
        var isProducer = kafka.IsProducerBuilder(creation.Type) || (kafka.IsConfig(creation.Type) && !kafka.NeverProduces(creation.Type));
        if (!isProducer || creation.Argument("config") is not { } config || kafka.IsConfig(config.Value.Unwrap().Type))
            return;

        foreach (var outcome in Tracer.At(config.Value, new KafkaSetting(flow, KafkaKeys.Acks), flow) is { IsKnown: true } outcomes ? outcomes.InOrder() : ImmutableArray<Outcome>.Empty)
        {
            if (outcome.Value is { } value)
                Report(value, flow, report);
        }
    }

    /// <summary>A value that is always replaced before anything uses the configuration does no harm.</summary>
    private static void Judge(IOperation value, IOperation site, IOperation instance, CompilationFlow flow, Action<Diagnostic> report)
    {
        var holder = instance is not IInstanceReferenceOperation ? instance.Unwrap().Symbol()
            : instance.Parent?.Parent?.Parent?.Parent is IObjectCreationOperation creation && Use.OfValue(creation) is { Kind: UseKind.Stored } stored ? stored.Member
            : null;
        if (holder is null || Tracer.IsSeen(site, holder.OriginalDefinition, new KafkaSetting(flow, KafkaKeys.Acks), flow))
            Report(value, flow, report);
    }

    private static void Report(IOperation value, CompilationFlow flow, Action<Diagnostic> report)
    {
        var verdict = flow.Judge(value, static constant => Acks(constant) is not null and not -1);
        if (!verdict.IsReported || (verdict.Finding == Finding.Sometimes && IsTranslation(value, flow)))
            return;

        var none = Acks(verdict.Cause.Value!.ConstantValue.Value) == 0;
        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(DiagnosticKeys.Client, DiagnosticKeys.ClientKafka)
            .Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten)
            .Add(DiagnosticKeys.Member, value.Unwrap().Type?.SpecialType == SpecialType.System_String ? "acks" : "Acks");
        if (verdict.Finding == Finding.Sometimes)
            properties = properties.Add(DiagnosticKeys.Sometimes, "true");

        var says = $"'acks' {verdict.Is} {(none ? "0" : "1")}";
        var lost = none
            ? "the producer reports success before any broker has the record, and every connection or leader failure loses records silently"
            : "the leader answers before its followers have the record, and a record that was reported as delivered is lost when that leader fails";
        report(Diagnostic.Create(Rule, value.Syntax.GetLocation(), properties, says, lost));
    }

    /// <summary>Whether a value may be every acknowledgement mode there is: code that turns somebody's choice into the client's chooses nothing itself.</summary>
    private static bool IsTranslation(IOperation value, CompilationFlow flow) =>
        flow.Constants(value) is { } constants && constants.Select(Acks).ToList() is var modes && modes.Contains(-1) && modes.Contains(0) && modes.Contains(1);

    /// <summary>The number of acknowledgements that a value asks for; -1 is all; null where the client would refuse it, or take its default.</summary>
    private static int? Acks(object? value) => value switch
    {
        int number => number,
        "all" or "-1" => -1,
        string text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
