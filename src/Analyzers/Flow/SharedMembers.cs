using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Analyzers.Flow;

/// <summary>Fields and properties that code outside of their type can reach: whether all that touches one is in the compilation, and where.</summary>
internal sealed class SharedMembers(Compilation compilation, CompilationFlow flow)
{
    /// <summary>What makes or fills objects of a type argument out of view: options, binders, serializers, and callbacks that are handed one.</summary>
    private static readonly string[] Fillers =
    {
        "IOptions", "IOptionsSnapshot", "IOptionsMonitor", "IOptionsFactory", "IConfigureOptions", "Configure", "PostConfigure", "AddOptions", "BindConfiguration", "Bind", "Get", "GetValue",
        "Deserialize", "DeserializeObject", "Action", "Func", "IEnumerable",
    };

    private readonly ConcurrentDictionary<ISymbol, IReadOnlyList<Body>> _touching = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, bool> _filled = new(SymbolEqualityComparer.Default);

    /// <summary>The bodies anywhere in the compilation that refer to a member.</summary>
    public IReadOnlyList<Body> Touching(ISymbol member) => _touching.GetOrAdd(member, key =>
        SourceSearch.BodiesNaming(key.Name, compilation, flow).Where(body => body.References(key).Count > 0).ToList());

    /// <summary>Whether only this compilation's code can change what a member holds. <paramref name="isOwned"/>: the object that it belongs to was made in view.</summary>
    public bool AreAllUsesInView(ISymbol member, bool isOwned)
    {
        if (member.DeclaringSyntaxReferences.IsEmpty || member.IsVirtual || member.IsAbstract || member.IsOverride || member.ContainingType is not { TypeKind: TypeKind.Class or TypeKind.Struct } type)
            return false;

        var isSetElsewhere = member switch
        {
            IFieldSymbol field => !field.IsReadOnly,
            IPropertySymbol { SetMethod: { } setter } => !setter.DeclaredAccessibility.IsOfFamily(),
            _ => false,
        };
        return (isOwned || !isSetElsewhere || Reach.IsInternal(member) || flow.Reach.IsProgram) && !_filled.GetOrAdd(type.OriginalDefinition, key => IsFilled(key.Name, new HashSet<string>(StringComparer.Ordinal)));
    }

    /// <summary>Whether objects of a type, or those that hold one, are filled out of view.</summary>
    private bool IsFilled(string type, HashSet<string> seen) => seen.Add(type) && (flow.Registrations.IsBound(type) || compilation.SyntaxTrees
        .Where(tree => SourceSearch.Mentions(tree.GetText(), type))
        .SelectMany(static tree => tree.GetRoot().DescendantNodes())
        .Any(node => node switch
        {
            GenericNameSyntax generic => Array.IndexOf(Fillers, generic.Identifier.ValueText) >= 0 && generic.TypeArgumentList.Arguments.Any(argument => LastName(argument) == type),
            PropertyDeclarationSyntax { Parent: TypeDeclarationSyntax owner } property => LastName(property.Type) == type && IsFilled(owner.Identifier.ValueText, seen),
            _ => false,
        }));

    private static string? LastName(TypeSyntax type) => type switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        NullableTypeSyntax nullable => LastName(nullable.ElementType),
        _ => null,
    };
}
