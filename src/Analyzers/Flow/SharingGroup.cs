using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>The variables of one body that hold the same object, or objects that share their content: what is done to one is done to all.</summary>
internal static class SharingGroup
{
    public static ISet<ISymbol> Of(ISymbol variable, Body body, Shape shape)
    {
        var group = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { variable };
        if (shape is ItsOrigin)
            return group;

        var unread = new Stack<ISymbol>();
        unread.Push(variable);
        while (unread.Count > 0)
        {
            foreach (var reference in body.References(unread.Pop()))
            {
                foreach (var other in Others(reference, shape))
                {
                    if (body.References(other).Count > 0 && (other is ILocalSymbol or IParameterSymbol || shape.IsClosed(other)) && group.Add(other))
                        unread.Push(other);
                }
            }
        }

        return group;
    }

    private static IEnumerable<ISymbol> Others(IOperation reference, Shape shape)
    {
        var use = Use.Of(reference);
        if (use.Kind is UseKind.Assigned or UseKind.AssignedIfNull)
            return Sources(use.Value!, shape);

        if (use is { Kind: UseKind.Passed, Site.Parent: IObjectCreationOperation copy } && shape.SharedBy(copy) is not null)
            use = Use.OfValue(copy);

        return use is { Kind: UseKind.Stored, Member: { } target } ? new[] { target.OriginalDefinition } : Enumerable.Empty<ISymbol>();
    }

    private static IEnumerable<ISymbol> Sources(IOperation value, Shape shape)
    {
        value = value.Unwrap();
        return value switch
        {
            _ when value.Symbol() is { } symbol => new[] { symbol },
            IConditionalOperation { WhenFalse: { } whenFalse } conditional => Sources(conditional.WhenTrue, shape).Concat(Sources(whenFalse, shape)),
            ICoalesceOperation coalesce => Sources(coalesce.Value, shape).Concat(Sources(coalesce.WhenNull, shape)),
            _ when shape.SharedBy(value) is { } shared => Sources(shared, shape),
            _ => Enumerable.Empty<ISymbol>(),
        };
    }
}
