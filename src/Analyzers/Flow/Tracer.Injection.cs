using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>How objects come into a class from outside: by its constructor, from a container, as options.</summary>
internal sealed partial class Tracer
{
    /// <summary>
    /// What a constructor is given: by everything in view that creates the type, or where nothing does by the container that is told of the parameter's type. Unknown where neither is in view.
    /// </summary>
    private Outcomes AtCreations(IParameterSymbol parameter, IMethodSymbol constructor, Shape shape)
    {
        var all = Outcomes.Nothing;
        foreach (var use in _flow.Reach.CreationsOf(constructor))
        {
            var argument = use.Arguments().FirstOrDefault(one => one.Parameter?.Ordinal == parameter.Ordinal);
            all |= argument is null ? Outcomes.Unknown : Evaluate(argument.Value, shape, held: null);
        }

        return all.IsNothing ? Registered(parameter.Type, shape) : all;
    }

    /// <summary>What a container hands out for a type.</summary>
    private Outcomes Registered(ITypeSymbol service, Shape shape)
    {
        var all = Outcomes.Nothing;
        foreach (var registered in _flow.Registrations.Of(service))
        {
            all |= registered is IAnonymousFunctionOperation factory
                ? Join(_flow.BodyAround(factory).ResultsOf(factory), shape) ?? Outcomes.Unknown
                : Evaluate(registered, shape, held: null);
        }

        return all.IsNothing ? Outcomes.Unknown : all;
    }

    /// <summary>What the lambdas that configure options leave behind: <c>services.Configure&lt;ConsumerConfig&gt;(c => …)</c>.</summary>
    private Outcomes AtOptions(ITypeSymbol options, IOperation site, Shape shape)
    {
        Outcomes? state = null;
        foreach (var lambda in _flow.Registrations.OfOptions(options).OfType<IAnonymousFunctionOperation>())
            state = Walk(_flow.BodyAround(lambda), lambda.Symbol.Parameters[0], shape, state ?? Outcomes.Unset(lambda), out _, lambda.Body) ?? state;

        return state ?? Outcomes.Unknown;
    }

    /// <summary>Whether an expression asks a container for a service by its type.</summary>
    private static bool IsResolved(IInvocationOperation call) =>
        call.TargetMethod is { Name: "GetRequiredService" or "GetService", TypeArguments.Length: 1, ContainingNamespace: { } space } && space.ToDisplayString().StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);

    /// <summary>Whether a member belongs to an object that was made in view, and so by nobody else.</summary>
    private bool IsOwned(IMemberReferenceOperation reference) =>
        reference.Instance?.Unwrap() is { } owner and not IInstanceReferenceOperation
        && Evaluate(owner, ItsOrigin.Instance, held: null) is { IsKnown: true } origins
        && origins.InOrder().All(static one => one.Value is IObjectCreationOperation);
}
