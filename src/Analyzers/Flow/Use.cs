using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

internal enum UseKind
{
    /// <summary>Looked at only: compared, awaited, disposed, a member read.</summary>
    Read,

    /// <summary>The variable is given <see cref="Use.Value"/>.</summary>
    Assigned,

    /// <summary>The variable is given <see cref="Use.Value"/> if it was null (<c>??=</c>).</summary>
    AssignedIfNull,

    /// <summary>The variable is changed in a way that is not followed: <c>out</c>, <c>ref</c>, deconstruction, compound assignment.</summary>
    Rewritten,

    /// <summary>A member (or an element: see <see cref="Use.Index"/>) of the object is set to <see cref="Use.Value"/>.</summary>
    MemberSet,

    /// <summary>A member of the object is set to <see cref="Use.Value"/> if it was null (<c>??=</c>).</summary>
    MemberSetIfNull,

    /// <summary>A member of the object is changed in a way that is not followed.</summary>
    MemberRewritten,

    /// <summary>A method of the object, or an extension method, is called on it.</summary>
    Called,

    /// <summary>The object is an argument of a call or of a constructor.</summary>
    Passed,

    /// <summary>The object is also given to <see cref="Use.Member"/>, a variable, field or property.</summary>
    Stored,

    /// <summary>The object is the result of its function.</summary>
    Returned,

    /// <summary>The object goes where it cannot be followed: a collection, a tuple, an element.</summary>
    Escapes,
}

/// <summary>What one reference to a variable does with it, or with the object in it.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Site">The operation after which it is done.</param>
/// <param name="Member">The member set, the symbol stored into, or the method called.</param>
/// <param name="Value">What is assigned or set.</param>
/// <param name="Index">The key, for an element that is set.</param>
internal readonly record struct Use(UseKind Kind, IOperation Site, ISymbol? Member = null, IOperation? Value = null, IOperation? Index = null)
{
    /// <summary>What a reference, a declaration or an initializer of a variable does.</summary>
    public static Use Of(IOperation reference)
    {
        switch (reference)
        {
            case IVariableDeclaratorOperation declarator:
                var initializer = declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer;
                return initializer is null ? new Use(UseKind.Read, declarator) : new Use(UseKind.Assigned, declarator, Value: initializer.Value);
            case ISymbolInitializerOperation field:
                return new Use(UseKind.Assigned, field, Value: field.Value);
            case { Parent: ISimpleAssignmentOperation assignment } when ReferenceEquals(assignment.Target, reference):
                return new Use(assignment.IsRef ? UseKind.Rewritten : UseKind.Assigned, assignment, Value: assignment.Value);
            case { Parent: ICoalesceAssignmentOperation assignment } when ReferenceEquals(assignment.Target, reference):
                return new Use(UseKind.AssignedIfNull, assignment, Value: assignment.Value);
            case { Parent: ICompoundAssignmentOperation assignment } when ReferenceEquals(assignment.Target, reference):
                return new Use(UseKind.Rewritten, assignment);
            case { Parent: IIncrementOrDecrementOperation or IDeclarationExpressionOperation }:
                return new Use(UseKind.Rewritten, reference.Parent);
            case { Parent: IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument }:
                return new Use(UseKind.Rewritten, argument.Parent ?? argument);
            case { Parent: ITupleOperation tuple } when Target(tuple) is { } deconstruction:
                return new Use(UseKind.Rewritten, deconstruction);
            default:
                return OfValue(reference);
        }
    }

    /// <summary>What is done with the object that an expression yields.</summary>
    public static Use OfValue(IOperation value)
    {
        var parent = value.Parent;
        switch (parent)
        {
            case IConversionOperation { OperatorMethod: null } or IParenthesizedOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation:
                return OfValue(parent);
            case IConditionalOperation { Type: not null } conditional when !ReferenceEquals(conditional.Condition, value):
                return OfValue(parent);
            case IAwaitOperation or IUsingOperation or IIsPatternOperation or IIsTypeOperation or IBinaryOperation or IExpressionStatementOperation:
                return new Use(UseKind.Read, value);
            case IConditionalAccessOperation access when ReferenceEquals(access.Operation, value):
                return Placeholder(access) is { } placeholder ? OfValue(placeholder) : new Use(UseKind.Read, value);
            case IMemberReferenceOperation member when ReferenceEquals(member.Instance, value):
                return OfMember(member);
            case IInvocationOperation call when ReferenceEquals(call.Instance, value):
                return new Use(UseKind.Called, call, call.TargetMethod);
            case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.IsExtensionMethod: true } call } argument when ReferenceEquals(call.Arguments[0], argument):
                return new Use(UseKind.Called, call, call.TargetMethod);
            case IArgumentOperation argument:
                return new Use(UseKind.Passed, argument, argument.Parameter);
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } declarator }:
                return new Use(UseKind.Rewritten, declarator);
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                return new Use(UseKind.Stored, declarator, declarator.Symbol);
            case IFieldInitializerOperation initializer:
                return new Use(UseKind.Stored, initializer, initializer.InitializedFields.FirstOrDefault());
            case IPropertyInitializerOperation initializer:
                return new Use(UseKind.Stored, initializer, initializer.InitializedProperties.FirstOrDefault());
            case IAssignmentOperation assignment when ReferenceEquals(assignment.Value, value):
                return assignment.Target.Symbol() is { } target
                    ? new Use(UseKind.Stored, assignment, target)
                    : new Use(assignment.Target is IDiscardOperation ? UseKind.Read : UseKind.Escapes, assignment);
            case IReturnOperation { Kind: not OperationKind.YieldReturn } result:
                return new Use(UseKind.Returned, result);
            case ILoopOperation or IInterpolationOperation or INameOfOperation or ITypeOfOperation or ILockOperation or ISwitchOperation or IThrowOperation or IEventReferenceOperation:
                return new Use(UseKind.Read, value);
            default:
                return new Use(UseKind.Escapes, parent ?? value);
        }
    }

    private static Use OfMember(IMemberReferenceOperation member)
    {
        var index = member is IPropertyReferenceOperation { Arguments: { Length: > 0 } arguments } ? arguments[0].Value : null;
        return member.Parent switch
        {
            ISimpleAssignmentOperation assignment when ReferenceEquals(assignment.Target, member) =>
                new Use(UseKind.MemberSet, assignment, member.Member, assignment.Value, index),
            ICoalesceAssignmentOperation assignment when ReferenceEquals(assignment.Target, member) =>
                new Use(UseKind.MemberSetIfNull, assignment, member.Member, assignment.Value, index),
            IAssignmentOperation assignment when ReferenceEquals(assignment.Target, member) => new Use(UseKind.MemberRewritten, assignment, member.Member),
            IIncrementOrDecrementOperation step => new Use(UseKind.MemberRewritten, step, member.Member),
            ITupleOperation tuple when Target(tuple) is { } deconstruction => new Use(UseKind.MemberRewritten, deconstruction, member.Member),
            _ => new Use(UseKind.Read, member, member.Member),
        };
    }

    private static IDeconstructionAssignmentOperation? Target(ITupleOperation tuple)
    {
        IOperation inner = tuple;
        for (var outer = tuple.Parent; outer is ITupleOperation or IDeclarationExpressionOperation or IConversionOperation or IDeconstructionAssignmentOperation; outer = outer.Parent)
        {
            if (outer is IDeconstructionAssignmentOperation assignment)
                return ReferenceEquals(assignment.Target, inner) ? assignment : null;
            inner = outer;
        }

        return null;
    }

    private static IConditionalAccessInstanceOperation? Placeholder(IConditionalAccessOperation access)
    {
        foreach (var inner in access.WhenNotNull.DescendantsAndSelf())
        {
            if (inner is IConditionalAccessInstanceOperation placeholder && ReferenceEquals(placeholder.AccessedValue(), access.Operation))
                return placeholder;
        }

        return null;
    }
}
