using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>From an expression to the variables behind it: factories, lazies, consumers, properties that hand out another's channel.</summary>
internal sealed partial class Channels
{
    /// <summary>Takes in the variables that an expression may read a channel from.</summary>
    private void Follow(IOperation value)
    {
        value = value.Unwrap();
        switch (value)
        {
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                Follow(conditional.WhenTrue);
                Follow(whenFalse);
                break;
            case ICoalesceOperation coalesce:
                Follow(coalesce.Value);
                Follow(coalesce.WhenNull);
                break;
            case ISimpleAssignmentOperation assignment:
                Follow(assignment.Target);
                break;
            case ICoalesceAssignmentOperation assignment:
                Follow(assignment.Target);
                break;
            case IInvocationOperation call when _verbOf(call) is null:
                FollowResults(call.TargetMethod, _flow.BodyAround(call));
                break;
            case IPropertyReferenceOperation { Property: { Name: "Value", ContainingType.Name: "Lazy" }, Instance: { } lazy }:
                FollowDelegate(lazy);
                break;
            case IPropertyReferenceOperation { Instance: { } consumer } property when _flow.Types.IsConsumersChannel(property.Property):
                FollowConsumer(consumer);
                break;
            case IPropertyReferenceOperation { Property.GetMethod: { } getter } when getter.ContainingType.TypeKind == TypeKind.Interface || _flow.BodyOf(getter) is not null:
                FollowResults(getter, _flow.BodyAround(value));
                break;
            default:
                if (value.Symbol() is { } variable)
                    Take(variable, _flow.BodyAround(value));
                break;
        }
    }

    /// <summary>A channel that a factory in view hands out is also the factory's own variable.</summary>
    private void FollowResults(IMethodSymbol method, Body caller)
    {
        if (!_seen.Add(method))
            return;

        var targets = method.ContainingType?.TypeKind == TypeKind.Interface
            ? _flow.Hierarchy.ImplementationsOf((ISymbol?)method.AssociatedSymbol ?? method)
            : ImmutableArray.Create<ISymbol>(method);
        foreach (var target in targets)
        {
            var code = target is IPropertySymbol { GetMethod: { } getter } ? getter : (IMethodSymbol)target;
            var body = code.MethodKind == MethodKind.LocalFunction ? caller : _flow.BodyOf(code.OriginalDefinition);
            if (body is null)
            {
                if (target is IPropertySymbol property)
                    Take(property, caller);
                continue;
            }

            foreach (var result in body.Results(code))
                Follow(result);
        }
    }

    private void FollowDelegate(IOperation lazy)
    {
        foreach (var origin in Tracer.At(lazy, ItsOrigin.Instance, _flow).InOrder())
        {
            if (origin.Value is not IObjectCreationOperation made)
                continue;

            foreach (var function in made.Arguments.Select(static one => (one.Value.Unwrap() as IDelegateCreationOperation)?.Target))
            {
                if (function is IMethodReferenceOperation { Method: var method })
                    FollowResults(method, _flow.BodyAround(function));
                foreach (var result in function is IAnonymousFunctionOperation ? _flow.BodyAround(function).ResultsOf(function) : Enumerable.Empty<IOperation>())
                    Follow(result);
            }
        }
    }

    private void FollowConsumer(IOperation consumer)
    {
        foreach (var origin in Tracer.At(consumer, ItsOrigin.Instance, _flow).InOrder())
        {
            if (origin.Value is IObjectCreationOperation { Arguments: { Length: > 0 } arguments })
                Follow(arguments[0].Value);
        }
    }
}
