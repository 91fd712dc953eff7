using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>Which object's event a handler listens to.</summary>
internal static class Subscriptions
{
    /// <summary>The object whose event the function of a <c>sender</c> parameter handles, if there is only one.</summary>
    public static IOperation? ConsumerBehind(IParameterSymbol sender, Body body, CompilationFlow flow)
    {
        if (sender is not { Ordinal: 0, Type.SpecialType: SpecialType.System_Object, ContainingSymbol: IMethodSymbol handler })
            return null;

        if (handler.MethodKind == MethodKind.AnonymousFunction)
        {
            for (var outer = body.References(sender) is { Count: > 0 } uses ? uses[0] : null; outer is not null; outer = outer.Parent)
            {
                if (outer is IAnonymousFunctionOperation lambda && SymbolEqualityComparer.Default.Equals(lambda.Symbol, handler))
                    return EventOf(lambda)?.Instance;
            }

            return null;
        }

        var bodies = handler.MethodKind == MethodKind.LocalFunction ? new[] { body } : flow.Touching(handler.OriginalDefinition);
        var events = bodies.SelectMany(code => code.References(handler.OriginalDefinition)).Select(EventOf).Where(static one => one is not null).ToList();
        return events.Count == 1 ? events[0]!.Instance : null;
    }

    /// <summary>The event that a lambda or method is added to, or null.</summary>
    public static IEventReferenceOperation? EventOf(IOperation function)
    {
        var outer = function.Parent;
        while (outer is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
            outer = outer.Parent;

        return outer is IEventAssignmentOperation { Adds: true } subscription ? subscription.EventReference as IEventReferenceOperation : null;
    }

    /// <summary>
    /// The functions that receive a consumer's deliveries: the lambdas and methods added to its <c>Received</c> or <c>ReceivedAsync</c> event. Null where one of them, or the consumer, is out of view.
    /// </summary>
    public static IReadOnlyList<Handler>? HandlersOf(IOperation consumer, CompilationFlow flow)
    {
        if (consumer.Unwrap().Symbol() is not { } variable || (variable is not ILocalSymbol && !variable.DeclaredAccessibility.IsOfFamily()))
            return null;

        var handlers = new List<Handler>();
        var scopes = variable is ILocalSymbol ? new[] { flow.BodyAround(consumer) } : flow.Touching(variable);
        foreach (var reference in scopes.SelectMany(scope => scope.References(variable)))
        {
            if (reference.Parent is IEventReferenceOperation { Event.Name: "Received" or "ReceivedAsync", Parent: IEventAssignmentOperation { Adds: true } subscription })
            {
                if (HandlerIn(subscription.HandlerValue, flow) is not { } handler)
                    return null;
                handlers.Add(handler);
            }
            else if (Use.Of(reference) is { Kind: UseKind.Passed, Member: var target } && !flow.Types.IsClientCode(target?.ContainingSymbol ?? variable))
            {
                return null;
            }
        }

        return handlers;
    }

    private static Handler? HandlerIn(IOperation value, CompilationFlow flow)
    {
        switch ((value.Unwrap() as IDelegateCreationOperation)?.Target)
        {
            case IAnonymousFunctionOperation { Symbol.Parameters: { Length: 2 } parameters } lambda:
                return new Handler(lambda, flow.BodyAround(lambda), parameters[1]);
            case IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } local } reference:
                var body = flow.BodyAround(reference);
                return body.Function(local) is { } function && local.Parameters.Length == 2 ? new Handler(function, body, local.OriginalDefinition.Parameters[1]) : null;
            case IMethodReferenceOperation { Method: { } method } when !method.IsVirtual && !method.IsAbstract && method.Parameters.Length == 2 && flow.BodyOf(method.OriginalDefinition) is { } own:
                return new Handler(own.Root, own, method.OriginalDefinition.Parameters[1]);
            default:
                return null;
        }
    }
}

/// <summary>A function that receives deliveries.</summary>
/// <param name="Function">The lambda, local function or method body.</param>
/// <param name="Body">The code that it is part of.</param>
/// <param name="Delivery">The parameter that holds the delivery.</param>
internal sealed record Handler(IOperation Function, Body Body, IParameterSymbol Delivery)
{
    /// <summary>Whether the function hands the delivery, or its tag, to anything that may settle it.</summary>
    public bool HandsOn() => Body.References(Delivery).Any(static reference => reference.Parent switch
    {
        IMemberReferenceOperation member => member.Member.Name == "DeliveryTag",
        IArgumentOperation { Parent: IInvocationOperation call } => !Work.OnlyLooks(call.TargetMethod),
        IInterpolationOperation => false,
        _ => true,
    });
}
