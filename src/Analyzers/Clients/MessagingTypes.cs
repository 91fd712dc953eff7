using Microsoft.CodeAnalysis;

namespace Reliability.Analyzers.Clients;

/// <summary>
/// What one compilation knows of the messaging clients; a facet is null where its client is not referenced. All rules share one instance,
/// so that each symbol is looked up once per compilation.
/// </summary>
internal sealed class MessagingTypes
{
    private MessagingTypes(RabbitMqTypes? rabbitMq6, RabbitMqTypes? rabbitMq7, KafkaTypes? kafka)
    {
        RabbitMq6 = rabbitMq6;
        RabbitMq7 = rabbitMq7;
        Kafka = kafka;
    }

    public RabbitMqTypes? RabbitMq6 { get; }

    public RabbitMqTypes? RabbitMq7 { get; }

    public KafkaTypes? Kafka { get; }

    /// <summary>The table for a compilation, or null where it references no client.</summary>
    public static MessagingTypes? From(Compilation compilation)
    {
        var rabbitMq6 = RabbitMqTypes.Version6(compilation);
        var rabbitMq7 = RabbitMqTypes.Version7(compilation);
        var kafka = KafkaTypes.From(compilation);
        return rabbitMq6 is null && rabbitMq7 is null && kafka is null ? null : new MessagingTypes(rabbitMq6, rabbitMq7, kafka);
    }

    /// <summary>The RabbitMQ client that declares a method, or null.</summary>
    public RabbitMqTypes? ClientOf(IMethodSymbol method) =>
        RabbitMq6?.Declares(method) == true ? RabbitMq6 : RabbitMq7?.Declares(method) == true ? RabbitMq7 : null;

    /// <summary>Whether a type is <c>IModel</c> or <c>IChannel</c>.</summary>
    public bool IsChannel(ITypeSymbol? type) => type is not null && (Same(type, RabbitMq6?.Channel) || Same(type, RabbitMq7?.Channel));

    /// <summary>Whether a property is the channel that a client's consumer was made for: <c>Model</c> in version 6, <c>Channel</c> in version 7.</summary>
    public bool IsConsumersChannel(IPropertySymbol property) =>
        property.Name is "Model" or "Channel" && property.ContainingType.Name.EndsWith("BasicConsumer", StringComparison.Ordinal) && IsClientCode(property);

    /// <summary>Whether a symbol comes with one of the clients.</summary>
    public bool IsClientCode(ISymbol symbol) =>
        symbol.ContainingAssembly is { } assembly
        && (Same(assembly, RabbitMq6?.Assembly) || Same(assembly, RabbitMq7?.Assembly) || Same(assembly, Kafka?.Assembly));

    /// <summary>
    /// Finds a client's type, also where the project references the client under an alias only (to use two majors side by side), which
    /// <see cref="Compilation.GetTypeByMetadataName"/> passes over.
    /// </summary>
    public static INamedTypeSymbol? Find(Compilation compilation, string assembly, string type) =>
        compilation.GetTypeByMetadataName(type)
        ?? compilation.SourceModule.ReferencedAssemblySymbols.Where(one => one.Name == assembly).Select(one => one.GetTypeByMetadataName(type)).FirstOrDefault(static one => one is not null);

    private static bool Same(ISymbol one, ISymbol? other) => SymbolEqualityComparer.Default.Equals(one, other);
}
