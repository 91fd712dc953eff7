using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>The <c>Configs</c> of a <c>TopicSpecification</c>.</summary>
internal static class TopicSettings
{
    /// <summary>The only constant that a key is given where <c>Configs</c> is assigned, with the place; null where it has none, or another may replace it.</summary>
    public static (object? Value, IOperation Site)? At(ISimpleAssignmentOperation assignment, string key, CompilationFlow flow)
    {
        if (assignment.Target is not IPropertyReferenceOperation { Property: { Name: "Configs", ContainingType: { } type } } || !KafkaTypes.IsTopicSpecification(type))
            return null;

        var outcomes = Tracer.At(assignment.Value, new DictionarySetting(flow, key), flow);
        return outcomes.IsKnown && outcomes.InOrder() is { Length: 1 } only && only[0] is { Value: { } value, Site: { } site } && flow.Constant(value) is { HasValue: true, Value: { } constant }
            ? (constant, site)
            : null;
    }

    /// <summary>The constant <c>ReplicationFactor</c> of the same initializer, or null.</summary>
    public static long? ReplicationFactorBeside(ISimpleAssignmentOperation assignment, CompilationFlow flow) =>
        (assignment.Parent as IObjectOrCollectionInitializerOperation)?.Initializers.OfType<ISimpleAssignmentOperation>()
            .FirstOrDefault(static one => one.Target is IPropertyReferenceOperation { Property.Name: "ReplicationFactor" }) is { } factor && flow.Constant(factor.Value) is { HasValue: true, Value: { } value }
            ? KafkaValues.Number(value)
            : null;

    /// <summary>Reports an entry where it is written, or the assignment of a dictionary that is made elsewhere.</summary>
    public static void Report(DiagnosticDescriptor rule, ISimpleAssignmentOperation assignment, IOperation site, string key, Action<Diagnostic> report, params object[] arguments)
    {
        var isHere = assignment.Syntax.SyntaxTree == site.Syntax.SyntaxTree && assignment.Syntax.Span.Contains(site.Syntax.Span);
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, DiagnosticKeys.ClientKafka).Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten).Add(DiagnosticKeys.Member, key);
        report(Diagnostic.Create(rule, (isHere ? site : assignment.Value).Syntax.GetLocation(), isHere ? Enumerable.Empty<Location>() : new[] { site.Syntax.GetLocation() }, properties, arguments));
    }
}
