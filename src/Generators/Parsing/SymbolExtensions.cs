using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reliability.Generators.Parsing;

/// <summary>Questions the parsers ask of symbols.</summary>
internal static class SymbolExtensions
{
    // Annotations of type arguments count: a JsonTypeInfo<Envelope<string?>> is no JsonTypeInfo<Envelope<string>>.
    private static readonly SymbolDisplayFormat Qualified = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat WithoutNamespace = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeContainingType);

    private static readonly SymbolDisplayFormat ForPeople = SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType)
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters);

    /// <summary>The type as generated code writes it, from <c>global::</c> on.</summary>
    public static string ToCode(this ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(Qualified);

    /// <summary>The symbol as errors and comments name it.</summary>
    public static string ToText(this ISymbol symbol) => symbol.ToDisplayString(ForPeople);

    /// <summary><c>Type.Method</c>, with the types around it.</summary>
    public static string ToShortText(this ISymbol symbol) => symbol.ToDisplayString(WithoutNamespace);

    public static bool Is(this ITypeSymbol? type, INamedTypeSymbol? other) =>
        other is not null && SymbolEqualityComparer.Default.Equals(type?.OriginalDefinition, other);

    public static bool DerivesFrom(this ITypeSymbol type, INamedTypeSymbol? ancestor)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Is(ancestor))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where the compiler has something to say of the type, or of one that it is made of.</summary>
    public static bool IsBroken(this ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Error } or INamedTypeSymbol { Name: "" } or INamedTypeSymbol { IsImplicitClass: true } => true,
        IArrayTypeSymbol array => array.ElementType.IsBroken(),
        INamedTypeSymbol named => named.TypeArguments.Any(IsBroken) || named.ContainingType?.IsBroken() == true,
        _ => false,
    };

    public static AttributeData? FindAttribute(this ISymbol symbol, INamedTypeSymbol? attribute)
    {
        foreach (var data in symbol.GetAttributes())
        {
            if (data.AttributeClass.Is(attribute))
            {
                return data;
            }
        }

        return null;
    }

    /// <summary>The text or number given to a named argument, or null where it is not given, or is in error.</summary>
    public static object? Named(this AttributeData attribute, string name)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value.Kind == TypedConstantKind.Primitive)
            {
                return argument.Value.Value;
            }
        }

        return null;
    }

    /// <summary>The texts given to a named argument; null where it is not given, is null or is in error.</summary>
    public static IReadOnlyList<string>? NamedTexts(this AttributeData attribute, string name)
    {
        var values = attribute.NamedArray(name);
        return !values.IsDefault && values.All(value => value.Kind == TypedConstantKind.Primitive)
            ? [.. values.Select(value => value.Value as string ?? "")]
            : null;
    }

    /// <summary>The types given to a named argument; none where it is not given. Those in error are left out.</summary>
    public static IEnumerable<ITypeSymbol> NamedTypes(this AttributeData attribute, string name)
    {
        var values = attribute.NamedArray(name);
        return values.IsDefault ? [] : values.Select(value => value.Value).OfType<ITypeSymbol>();
    }

    private static ImmutableArray<TypedConstant> NamedArray(this AttributeData attribute, string name)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value is { Kind: TypedConstantKind.Array, IsNull: false })
            {
                return argument.Value.Values;
            }
        }

        return default;
    }

    /// <summary>The only constructor argument as a text; null where half-typed code has none.</summary>
    public static string? FirstText(this AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Primitive, Value: string text }, ..] ? text : null;

    /// <summary>Where an attribute, or the value it gives to an argument, is written.</summary>
    public static Location Place(this AttributeData attribute, string? argument, CancellationToken cancellationToken)
    {
        if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken) is not AttributeSyntax syntax)
        {
            return Location.None;
        }

        foreach (var written in syntax.ArgumentList?.Arguments ?? default)
        {
            if (argument is not null && written.NameEquals?.Name.Identifier.ValueText == argument)
            {
                return written.Expression.GetLocation();
            }
        }

        return syntax.GetLocation();
    }

    /// <summary>Where a symbol's name is written.</summary>
    public static Location Place(this ISymbol symbol) => symbol.Locations.FirstOrDefault() ?? Location.None;

    /// <summary>An identifier as C# accepts it anywhere, also where it is a keyword.</summary>
    public static string ToIdentifier(this string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
