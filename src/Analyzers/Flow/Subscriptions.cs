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
}
