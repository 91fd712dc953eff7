using Microsoft.CodeAnalysis;
using Reliability.Generators.Model;

namespace Reliability.Generators.Parsing;

/// <summary>Reads what a handler returns: how it is waited for, and which messages are in it.</summary>
internal sealed class ResultParser(KnownTypes types, MessageParser messages, List<Problem> problems)
{
    /// <summary>What is waited for, and the type that remains; null where nothing remains.</summary>
    public (Awaiting Awaiting, ITypeSymbol? Result) Unwrap(IMethodSymbol method) => method.ReturnType switch
    {
        { SpecialType: SpecialType.System_Void } => (Awaiting.Nothing, null),
        var type when type.Is(types.Task) => (Awaiting.Task, null),
        var type when type.Is(types.ValueTask) => (Awaiting.ValueTask, null),
        INamedTypeSymbol { TypeArguments: [var result] } type when type.Is(types.TaskOfT) => (Awaiting.Task, result),
        INamedTypeSymbol { TypeArguments: [var result] } type when type.Is(types.ValueTaskOfT) => (Awaiting.ValueTask, result),
        var type => (Awaiting.Nothing, type),
    };

    /// <returns>Null where it cannot be published, after saying why.</returns>
    public ResultModel? Parse(ITypeSymbol type, IMethodSymbol method, Location place)
    {
        var mayBeNull = type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
            || (type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated);
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var underlying] })
        {
            type = underlying;
        }

        return type switch
        {
            { TypeKind: TypeKind.Error } => null,
            INamedTypeSymbol message when message.FindAttribute(types.PublishToAttribute) is not null =>
                messages.Parse(message, place) is { } model ? new ResultModel(ResultKind.Message, mayBeNull, default, model) : null,
            INamedTypeSymbol { IsTupleType: true } tuple => ParseTuple(tuple, mayBeNull, method, place),
            _ when ElementOf(type, types.Compilation.GetSpecialType(SpecialType.System_Collections_Generic_IEnumerable_T)) is { } element =>
                ParseSequence(ResultKind.Sequence, element, mayBeNull, method, place),
            _ when ElementOf(type, types.AsyncEnumerable) is { } element => ParseSequence(ResultKind.AsyncSequence, element, mayBeNull, method, place),
            _ => NoRoute(type, method, place),
        };
    }

    private ResultModel? ParseTuple(INamedTypeSymbol tuple, bool mayBeNull, IMethodSymbol method, Location place)
    {
        var parts = new List<ResultModel>();
        foreach (var element in tuple.TupleElements)
        {
            if (Parse(element.Type, method, place) is { } part)
            {
                parts.Add(part with { TupleMember = element.Name.ToIdentifier() });
            }
        }

        return parts.Count == tuple.TupleElements.Length ? new ResultModel(ResultKind.Tuple, mayBeNull, parts.ToEquatableArray(), null) : null;
    }

    private ResultModel? ParseSequence(ResultKind kind, ITypeSymbol element, bool mayBeNull, IMethodSymbol method, Location place) =>
        Parse(element, method, place) is { } part ? new ResultModel(kind, mayBeNull, new[] { part }.ToEquatableArray(), null) : null;

    private ResultModel? NoRoute(ITypeSymbol type, IMethodSymbol method, Location place)
    {
        problems.Add(new Problem(HandlerRules.NoRoute, place, method.ToText(), type.ToText()));
        return null;
    }

    /// <summary>The T of the one sequence of T that a type is; null where it is none, or several.</summary>
    private static ITypeSymbol? ElementOf(ITypeSymbol type, INamedTypeSymbol? sequence)
    {
        if (type.SpecialType == SpecialType.System_String)
        {
            return null;
        }

        if (type is IArrayTypeSymbol array)
        {
            return sequence?.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T ? array.ElementType : null;
        }

        var sequences = type.AllInterfaces.Append(type).OfType<INamedTypeSymbol>().Where(one => one.Is(sequence)).ToList();
        return sequences is [{ TypeArguments: [var element] }] ? element : null;
    }
}
