using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Clients;

/// <summary>Arguments are found by their parameter's name: the same position means different things in two overloads.</summary>
internal static class Arguments
{
    public static IArgumentOperation? Argument(this IInvocationOperation call, string parameter) => Named(call.Arguments, parameter);

    public static IArgumentOperation? Argument(this IObjectCreationOperation creation, string parameter) => Named(creation.Arguments, parameter);

    /// <summary>What a call is made on: the instance, or the first argument of an extension method.</summary>
    public static IOperation? Receiver(this IInvocationOperation call) =>
        call.Instance ?? (call.TargetMethod.IsExtensionMethod && call.Arguments.Length > 0 ? call.Arguments[0].Value : null);

    public static bool IsOmitted(this IArgumentOperation argument) => argument.ArgumentKind == ArgumentKind.DefaultValue;

    /// <summary>Whether nobody looks at what a call yields: it is a statement of its own, or assigned to a discard.</summary>
    public static bool IsDropped(this IInvocationOperation call)
    {
        IOperation value = call;
        while (value.Parent is IConditionalAccessOperation or IConversionOperation or IParenthesizedOperation
            || value.Parent is IInvocationOperation { TargetMethod.Name: "AsTask" or "ConfigureAwait" } chained && ReferenceEquals(chained.Instance, value))
        {
            value = value.Parent;
        }

        return value.Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation };
    }

    /// <summary>Where to report an argument: at its expression, or at the method's name where it is left out.</summary>
    public static Location Place(this IInvocationOperation call, IArgumentOperation? argument) =>
        argument is null || argument.IsOmitted() ? call.NameLocation() : argument.Value.Syntax.GetLocation();

    /// <summary>The name of the called method in the source.</summary>
    public static Location NameLocation(this IInvocationOperation call)
    {
        var expression = (call.Syntax as InvocationExpressionSyntax)?.Expression;
        SyntaxNode? name = expression switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            _ => expression,
        };
        return name is GenericNameSyntax generic ? generic.Identifier.GetLocation() : (name ?? call.Syntax).GetLocation();
    }

    private static IArgumentOperation? Named(System.Collections.Immutable.ImmutableArray<IArgumentOperation> arguments, string parameter)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter?.Name == parameter)
                return argument;
        }

        return null;
    }
}
