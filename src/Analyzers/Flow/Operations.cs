using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>Reading an operation tree past what does not change a value.</summary>
internal static class Operations
{
    /// <summary>The value behind conversions, parentheses, awaits and the blocking ways to read a task's result.</summary>
    public static IOperation Unwrap(this IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                case IAwaitOperation awaited:
                    operation = awaited.Operation;
                    break;
                case IArgumentOperation argument:
                    operation = argument.Value;
                    break;
                case IConditionalAccessInstanceOperation instance when instance.AccessedValue() is { } accessed:
                    operation = accessed;
                    break;
                case IPropertyReferenceOperation { Property: { Name: "Value", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }, Instance: { } nullable }:
                    operation = nullable;
                    break;
                case IPropertyReferenceOperation { Property.Name: "Result", Instance: { } task } when task.Type.IsTask():
                    operation = task;
                    break;
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "GetAwaiter" or "AsTask" or "WaitAsync", Instance: { } task } when task.Type.IsTask():
                    operation = task;
                    break;
                case IInvocationOperation { TargetMethod.Name: "GetResult", Instance: IInvocationOperation { TargetMethod.Name: "GetAwaiter" } awaiter }:
                    operation = awaiter;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>The arguments of a call or of the creation of an object; none of anything else.</summary>
    public static ImmutableArray<IArgumentOperation> Arguments(this IOperation use) => use switch
    {
        IInvocationOperation call => call.Arguments,
        IObjectCreationOperation creation => creation.Arguments,
        _ => ImmutableArray<IArgumentOperation>.Empty,
    };

    /// <summary>The value that the placeholder in <c>value?.Member</c> stands for.</summary>
    public static IOperation? AccessedValue(this IConditionalAccessInstanceOperation instance)
    {
        IOperation inner = instance;
        for (var outer = instance.Parent; outer is not null; inner = outer, outer = outer.Parent)
        {
            if (outer is IConditionalAccessOperation access && ReferenceEquals(access.WhenNotNull, inner))
                return access.Operation;
        }

        return null;
    }

    /// <summary>The local, parameter, field or property that an expression names, or null.</summary>
    public static ISymbol? Symbol(this IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } member => member.Member.OriginalDefinition,
        _ => null,
    };

    /// <summary>The body, initializer or top-level program that an operation is part of.</summary>
    public static IOperation Root(this IOperation operation)
    {
        while (operation.Parent is { } parent)
            operation = parent;

        return operation;
    }

    /// <summary>The innermost lambda or local function around an operation, or the root of its body.</summary>
    public static IOperation Function(this IOperation operation)
    {
        while (operation.Parent is { } parent)
        {
            operation = parent;
            if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
                break;
        }

        return operation;
    }

    /// <summary>Whether a call is only described, and never made: an expression tree, or what a substitute is asked to check.</summary>
    public static bool IsOnlyDescribed(this IInvocationOperation call)
    {
        if (call.Receiver()?.Unwrap() is IInvocationOperation { TargetMethod.ContainingNamespace.Name: "NSubstitute" })
            return true;

        for (var at = call.Parent; at is not null; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation
                && at.Parent is IConversionOperation { Type: { Name: "Expression" or "LambdaExpression", ContainingNamespace: { Name: "Expressions" } } })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTask(this ITypeSymbol? type) => type is { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" };
}
