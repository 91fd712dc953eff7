using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Reliability.Generators.Model;

namespace Reliability.Generators.Parsing;

/// <summary>Reads a message type: its wire name, its route, and which JSON context knows it.</summary>
internal sealed class MessageParser(KnownTypes types, List<Problem> problems, CancellationToken cancellationToken)
{
    /// <summary>The property of a <see cref="HandlerRules.NotInJsonContext"/> diagnostic that holds the type to add, as C#.</summary>
    public const string TypeProperty = "Type";

    /// <summary>The property of a <see cref="HandlerRules.NotInJsonContext"/> diagnostic that holds the context's metadata name.</summary>
    public const string ContextProperty = "Context";

    private static readonly SymbolDisplayFormat NameWithArguments = new(genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    /// <param name="type">The message's type.</param>
    /// <param name="place">Where a missing <c>[JsonSerializable]</c> is reported: at what needs the type.</param>
    public MessageModel? Parse(INamedTypeSymbol type, Location place)
    {
        if (types.Json.For(type) is { } context)
        {
            // What is wrong with the route is said once, at the type.
            var route = new MessageParser(types, [], cancellationToken).RouteOf(type);
            return new MessageModel(type.ToCode(), NameOf(type), context.ToCode(), route);
        }

        problems.Add(types.Json.All is [.., var last] ? NotListed(type, last, place) : NoContext(type, place));
        return null;
    }

    /// <summary>What is wrong with the type's own attributes, reported where they are written.</summary>
    public void CheckAttributes(INamedTypeSymbol type)
    {
        if (type.FindAttribute(types.MessageNameAttribute) is { } name && name.FirstText() is { } text && string.IsNullOrWhiteSpace(text))
        {
            problems.Add(new Problem(HandlerRules.EmptyName, name.Place(null, cancellationToken), "message name"));
        }

        if (type.FindAttribute(types.PublishToAttribute) is { } route && route.FirstText() is { } address && string.IsNullOrWhiteSpace(address))
        {
            problems.Add(new Problem(HandlerRules.EmptyName, route.Place(null, cancellationToken), "route"));
        }

        RouteOf(type);
    }

    private string NameOf(INamedTypeSymbol type) =>
        type.FindAttribute(types.MessageNameAttribute)?.FirstText() ?? type.ToDisplayString(NameWithArguments);

    private RouteModel? RouteOf(INamedTypeSymbol type)
    {
        if (type.FindAttribute(types.PublishToAttribute) is not { } attribute || attribute.FirstText() is not { } address)
        {
            return null;
        }

        var key = attribute.Named("Key") is string path
            ? new KeyParser(types, problems).Parse(type, path, "PublishTo.Key", attribute.Place("Key", cancellationToken))
            : null;
        return new RouteModel(address, attribute.Named("Transport") as string, key);
    }

    private static Problem NotListed(INamedTypeSymbol type, INamedTypeSymbol context, Location place)
    {
        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(TypeProperty, type.ToCode())
            .Add(ContextProperty, MetadataNameOf(context));
        return new Problem(HandlerRules.NotInJsonContext, place, properties, [type.ToText(), context.ToText()]);
    }

    private static Problem NoContext(INamedTypeSymbol type, Location place) =>
        new(HandlerRules.NoJsonContext, place, $"Nothing tells how to read and write '{type.ToText()}'");

    private static string MetadataNameOf(INamedTypeSymbol type) => type.ContainingType is { } outer
        ? MetadataNameOf(outer) + "+" + type.MetadataName
        : type.ContainingNamespace.IsGlobalNamespace ? type.MetadataName : $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}";
}
