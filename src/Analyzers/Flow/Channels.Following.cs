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
            case IPropertyReferenceOperation { Property.IsIndexer: true } or IInvocationOperation when ElementUse.CollectionBehind(value, _flow) is { } collection:
                TakeElements(collection, _flow.BodyAround(value));
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
            foreach (var given in origin.Value?.Arguments().Where(one => _flow.Types.IsChannel(one.Parameter?.Type)) ?? Enumerable.Empty<IArgumentOperation>())
                Follow(given.Value);
        }
    }

    /// <summary>A channel that is kept with others may be any of them: what is done to one counts for all.</summary>
    private void TakeElements(ISymbol collection, Body body)
    {
        if (!_seen.Add(collection))
            return;

        foreach (var reference in (collection is ILocalSymbol ? new[] { body } : _flow.Touching(collection)).SelectMany(scope => scope.References(collection)))
        {
            var use = ElementUse.Of(reference, _flow);
            _isKnown &= use.IsFollowed;
            foreach (var put in use.Puts)
                Follow(put);
            if (use.Into is { } local)
                Take(local, _flow.BodyAround(reference));
            if (use.Got is { } got)
                Read(got);
        }
    }

    /// <summary>Whether a reference puts the channel into a collection, or takes it out of one, that is in view.</summary>
    private bool IsCollected(IOperation reference, Use use)
    {
        var (collection, at) = use switch
        {
            { Kind: UseKind.Rewritten } when ElementUse.FilledBy(use.Site) is { } call => (ElementUse.CollectionBehind(call, _flow), call),
            { Kind: UseKind.Passed, Site: IArgumentOperation { Parent: IInvocationOperation call } } => (ElementUse.CollectionFilledBy(call, _flow), call),
            { Kind: UseKind.Stored or UseKind.Escapes, Site: IAssignmentOperation { Target: { } target } } => (ElementUse.CollectionBehind(target, _flow), target),
            _ => (null, reference),
        };
        if (collection is null)
            return false;

        TakeElements(collection, _flow.BodyAround(at));
        return true;
    }
}
