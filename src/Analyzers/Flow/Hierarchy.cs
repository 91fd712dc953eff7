using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Reliability.Analyzers.Flow;

/// <summary>Which types of this compilation derive from, or implement, which: read once, when the first question is asked.</summary>
internal sealed class Hierarchy
{
    private const int MostImplementations = 4;

    private readonly Lazy<Dictionary<INamedTypeSymbol, List<INamedTypeSymbol>>> _heirs;
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<ISymbol>> _implementations = new(SymbolEqualityComparer.Default);

    public Hierarchy(IAssemblySymbol assembly) => _heirs = new(() => Read(assembly));

    /// <summary>The types of this compilation that derive from a type or implement it, however far down.</summary>
    public IReadOnlyList<INamedTypeSymbol> HeirsOf(INamedTypeSymbol type) =>
        _heirs.Value.TryGetValue(type.OriginalDefinition, out var heirs) ? heirs : Array.Empty<INamedTypeSymbol>();

    /// <summary>
    /// The members that implement a member of an interface which is declared in this compilation; none where the interface is someone else's, or where there are so many that it is a contract for strangers.
    /// </summary>
    public ImmutableArray<ISymbol> ImplementationsOf(ISymbol member) => _implementations.GetOrAdd(member.OriginalDefinition, key =>
    {
        if (key.ContainingType is not { TypeKind: TypeKind.Interface } owner || key.DeclaringSyntaxReferences.IsEmpty)
            return ImmutableArray<ISymbol>.Empty;

        var found = ImmutableArray.CreateBuilder<ISymbol>();
        foreach (var heir in HeirsOf(owner).Where(static one => one.TypeKind is TypeKind.Class or TypeKind.Struct))
        {
            foreach (var implemented in heir.AllInterfaces.Where(one => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, owner)))
            {
                var own = implemented.GetMembers(key.Name).FirstOrDefault(one => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, key));
                if (own is null || heir.FindImplementationForInterfaceMember(own)?.OriginalDefinition is not { IsAbstract: false } implementation)
                    continue;
                if (!found.Contains(implementation, SymbolEqualityComparer.Default))
                    found.Add(implementation);
            }
        }

        return found.Count > MostImplementations ? ImmutableArray<ISymbol>.Empty : found.ToImmutable();
    });

    /// <summary>
    /// What implements a method of an interface in this compilation, also where the interface is another project's: enough to say that a call may come down to something, not that it must.
    /// </summary>
    public IEnumerable<IMethodSymbol> SomeImplementationsOf(IMethodSymbol method)
    {
        if (method.ContainingType is not { TypeKind: TypeKind.Interface } owner || (method.DeclaringSyntaxReferences.IsEmpty && IsFrameworks(owner)))
            return Enumerable.Empty<IMethodSymbol>();
        if (!method.DeclaringSyntaxReferences.IsEmpty)
            return ImplementationsOf(method).OfType<IMethodSymbol>();

        return HeirsOf(owner).Where(static one => one.TypeKind is TypeKind.Class or TypeKind.Struct)
            .SelectMany(heir => heir.AllInterfaces.Where(one => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, owner.OriginalDefinition))
                .SelectMany(one => one.GetMembers(method.Name)).Where(one => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, method.OriginalDefinition))
                .Select(one => heir.FindImplementationForInterfaceMember(one)?.OriginalDefinition as IMethodSymbol))
            .OfType<IMethodSymbol>().Where(static one => !one.DeclaringSyntaxReferences.IsEmpty).Take(MostImplementations);
    }

    private static bool IsFrameworks(INamedTypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString() is not { } space || space.Split('.')[0] is "System" or "Microsoft" or "MediatR" or "MassTransit" or "DotNetCore" or "NServiceBus" or "Rebus" or "Wolverine";

    private static Dictionary<INamedTypeSymbol, List<INamedTypeSymbol>> Read(IAssemblySymbol assembly)
    {
        var heirs = new Dictionary<INamedTypeSymbol, List<INamedTypeSymbol>>(SymbolEqualityComparer.Default);
        foreach (var type in TypesIn(assembly.GlobalNamespace))
        {
            for (var ancestor = type.BaseType; ancestor is { SpecialType: not SpecialType.System_Object }; ancestor = ancestor.BaseType)
                Add(heirs, ancestor, type);
            foreach (var contract in type.AllInterfaces)
                Add(heirs, contract, type);
        }

        return heirs;
    }

    private static void Add(Dictionary<INamedTypeSymbol, List<INamedTypeSymbol>> heirs, INamedTypeSymbol ancestor, INamedTypeSymbol heir)
    {
        if (!heirs.TryGetValue(ancestor.OriginalDefinition, out var found))
            heirs.Add(ancestor.OriginalDefinition, found = new List<INamedTypeSymbol>());

        // A type is read once, so only its own entry can be there already: one that implements an interface twice over.
        if (found.Count == 0 || !SymbolEqualityComparer.Default.Equals(found[found.Count - 1], heir))
            found.Add(heir);
    }

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container)
    {
        foreach (var type in container.GetTypeMembers())
        {
            yield return type;
            foreach (var deeper in TypesIn(type))
                yield return deeper;
        }

        foreach (var inner in (container as INamespaceSymbol)?.GetNamespaceMembers() ?? Enumerable.Empty<INamespaceSymbol>())
        {
            foreach (var deeper in TypesIn(inner))
                yield return deeper;
        }
    }
}
