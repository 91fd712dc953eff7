using System.Text;
using Microsoft.CodeAnalysis;
using Reliability.Generators.Model;

namespace Reliability.Generators.Parsing;

/// <summary>Follows a key's path (<c>OrderId</c>, <c>Order.Id</c>) through a message type, to a member whose text is the same everywhere.</summary>
internal sealed class KeyParser(KnownTypes types, List<Problem> problems)
{
    /// <param name="message">Where the path begins.</param>
    /// <param name="path">As the user wrote it.</param>
    /// <param name="setting">Who asks, for errors: <c>DedupeKey</c>.</param>
    /// <param name="place">Where the path is written.</param>
    public KeyModel? Parse(ITypeSymbol message, string path, string setting, Location place)
    {
        var access = new StringBuilder();
        var current = message;
        foreach (var segment in path.Split('.'))
        {
            if (current.TypeKind == TypeKind.Error)
            {
                return null; // The compiler says what is wrong.
            }

            if (FindMember(current, segment) is not { } member)
            {
                problems.Add(new Problem(HandlerRules.KeyMemberMissing, place, setting, path, Underlying(current).ToText(), segment));
                return null;
            }

            // Null along the path is a missing key, also where the annotation promises a value: JSON keeps no such promise.
            var mayBeNull = IsNullableValue(current) || (current.IsReferenceType && access.Length > 0);
            access.Append(mayBeNull ? "?." : ".").Append(segment.ToIdentifier());
            current = member;
        }

        if (ConversionFor(Underlying(current)) is { } conversion)
        {
            return new KeyModel(path, access.ToString(), conversion);
        }

        if (current.TypeKind != TypeKind.Error)
        {
            problems.Add(new Problem(HandlerRules.KeyHasNoStableText, place, setting, path, current.ToText()));
        }

        return null;
    }

    private ITypeSymbol? FindMember(ITypeSymbol type, string name)
    {
        foreach (var declaring in WithAncestors(Underlying(type)))
        {
            foreach (var member in declaring.GetMembers(name))
            {
                if (!member.IsStatic && types.Compilation.IsSymbolAccessibleWithin(member, types.Compilation.Assembly) && TypeOf(member) is { } found)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private static IEnumerable<ITypeSymbol> WithAncestors(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            yield return current;
        }

        if (type.TypeKind == TypeKind.Interface)
        {
            foreach (var inherited in type.AllInterfaces)
            {
                yield return inherited;
            }
        }
    }

    private ITypeSymbol? TypeOf(ISymbol member) => member switch
    {
        IFieldSymbol field => field.Type,
        IPropertySymbol { IsIndexer: false, GetMethod: { } getter } property
            when types.Compilation.IsSymbolAccessibleWithin(getter, types.Compilation.Assembly) => property.Type,
        _ => null,
    };

    private string? ConversionFor(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType.SpecialType: SpecialType.System_UInt64 } => "(ulong?)",
        { TypeKind: TypeKind.Enum } => "(long?)",
        { SpecialType: SpecialType.System_String or SpecialType.System_UInt64 } => "",
        { SpecialType: SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16 } => "",
        { SpecialType: SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 } => "",
        _ => type.Is(types.Guid) || type.Is(types.DateOnly) ? "" : null,
    };

    private static bool IsNullableValue(ITypeSymbol type) => type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private static ITypeSymbol Underlying(ITypeSymbol type) => IsNullableValue(type) ? ((INamedTypeSymbol)type).TypeArguments[0] : type;
}
