using Microsoft.CodeAnalysis;

namespace Reliability.Generators.Parsing;

/// <summary>
/// The <c>JsonSerializerContext</c>s named by <c>[assembly: HandlerJson]</c>, and which types they list. A generator does not see what System.Text.Json's
/// generator writes, so a type counts by its <c>[JsonSerializable]</c>, and generated code asks the context's own <c>GetTypeInfo</c> for it: that
/// needs neither reflection nor a guess at the property names.
/// </summary>
internal sealed class JsonContexts
{
    private readonly Dictionary<ITypeSymbol, INamedTypeSymbol> _contextOf = new(SymbolEqualityComparer.Default);

    public JsonContexts(KnownTypes types)
    {
        var contexts = new List<INamedTypeSymbol>();
        foreach (var attribute in types.Compilation.Assembly.GetAttributes())
        {
            if (attribute.AttributeClass.Is(types.HandlerJsonAttribute) && ContextOf(attribute) is { } context && IsUsable(context, types))
            {
                contexts.Add(context);
                AddListed(context, types);
            }
        }

        All = contexts;
    }

    /// <summary>In the order written; only those that can be used.</summary>
    public IReadOnlyList<INamedTypeSymbol> All { get; }

    /// <summary>The first context that lists the type, or null.</summary>
    public INamedTypeSymbol? For(ITypeSymbol type) => _contextOf.TryGetValue(type, out var context) ? context : null;

    /// <summary>The types that a context is the first to list.</summary>
    public IEnumerable<INamedTypeSymbol> ListedBy(INamedTypeSymbol context) =>
        _contextOf
            .Where(listed => SymbolEqualityComparer.Default.Equals(listed.Value, context))
            .Select(listed => listed.Key)
            .OfType<INamedTypeSymbol>();

    public static INamedTypeSymbol? ContextOf(AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Type, Value: INamedTypeSymbol type }, ..] ? type : null;

    public static bool IsUsable(INamedTypeSymbol context, KnownTypes types) =>
        context is { TypeKind: TypeKind.Class, IsGenericType: false, IsAbstract: false, IsFileLocal: false }
        && context.DerivesFrom(types.JsonSerializerContext)
        && types.Compilation.IsSymbolAccessibleWithin(context, types.Compilation.Assembly);

    private void AddListed(INamedTypeSymbol context, KnownTypes types)
    {
        foreach (var attribute in context.GetAttributes())
        {
            if (attribute.AttributeClass.Is(types.JsonSerializable)
                && attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Type, Value: ITypeSymbol type }, ..]
                && !_contextOf.ContainsKey(type))
            {
                _contextOf.Add(type, context);
            }
        }
    }
}
