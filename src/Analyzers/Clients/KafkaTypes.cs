using Microsoft.CodeAnalysis;

namespace Reliability.Analyzers.Clients;

/// <summary>Confluent.Kafka, whose names are the same in 1.9 and 2.x.</summary>
internal sealed class KafkaTypes
{
    private readonly INamedTypeSymbol _config;
    private readonly INamedTypeSymbol? _producerBuilder;
    private readonly INamedTypeSymbol? _consumerBuilder;
    private readonly INamedTypeSymbol? _consumerConfig;
    private readonly INamedTypeSymbol? _adminConfig;

    private KafkaTypes(INamedTypeSymbol config)
    {
        _config = config;
        Assembly = config.ContainingAssembly;
        _producerBuilder = Find("ProducerBuilder`2");
        _consumerBuilder = Find("ConsumerBuilder`2");
        _consumerConfig = Find("ConsumerConfig");
        _adminConfig = Find("AdminClientConfig");
    }

    public IAssemblySymbol Assembly { get; }

    /// <summary>Whether a method is called on a consumer, a producer or one of their builders.</summary>
    public bool Declares(IMethodSymbol method) => method.ContainingAssembly is { } assembly && SymbolEqualityComparer.Default.Equals(assembly, Assembly);

    /// <summary>Whether a call makes a consumer or producer: <c>builder.Build()</c>.</summary>
    public bool Builds(IMethodSymbol method) => method.Name == "Build" && Declares(method) && (IsConsumerBuilder(method.ContainingType) || IsProducerBuilder(method.ContainingType));

    public static bool IsConsumer(IMethodSymbol method) => method.ContainingType.Name is "IConsumer" or "Consumer" or "IConsumerExtensions";

    public static bool IsProducer(IMethodSymbol method) => method.ContainingType.Name is "IProducer" or "Producer";

    public static bool IsTopicSpecification(ITypeSymbol? type) => type is { Name: "TopicSpecification", ContainingNamespace: { Name: "Admin", ContainingNamespace.Name: "Kafka" } };

    public static KafkaTypes? From(Compilation compilation) =>
        MessagingTypes.Find(compilation, "Confluent.Kafka", "Confluent.Kafka.Config") is { } config ? new KafkaTypes(config) : null;

    /// <summary>Whether a type is one of the client's configurations, or derives from one.</summary>
    public bool IsConfig(ITypeSymbol? type) => Derives(type, _config);

    /// <summary>Whether a configuration can only make consumers or admin clients, which ignore a producer's keys.</summary>
    public bool NeverProduces(ITypeSymbol? type) => Derives(type, _consumerConfig) || Derives(type, _adminConfig);

    public bool IsConsumerBuilder(ITypeSymbol? type) => Derives(type, _consumerBuilder);

    public bool IsProducerBuilder(ITypeSymbol? type) => Derives(type, _producerBuilder);

    private static bool Derives(ITypeSymbol? type, INamedTypeSymbol? ancestor)
    {
        if (ancestor is null)
            return false;

        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, ancestor))
                return true;
        }

        return false;
    }

    private INamedTypeSymbol? Find(string name) => Assembly.GetTypeByMetadataName("Confluent.Kafka." + name);
}
