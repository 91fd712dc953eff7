using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace Reliability.Tests;

/// <summary>A client that code under test is written for.</summary>
public enum Client
{
    /// <summary>No messaging client at all.</summary>
    None,

    /// <summary>RabbitMQ.Client 6.</summary>
    RabbitMq6,

    /// <summary>RabbitMQ.Client 7.</summary>
    RabbitMq7,

    /// <summary>Confluent.Kafka 1.9.</summary>
    Kafka1,

    /// <summary>Confluent.Kafka 2.</summary>
    Kafka2,

    /// <summary>This project's runtime, with Entity Framework Core, RabbitMQ.Client 7 and Confluent.Kafka 2 beside it.</summary>
    Handlers,
}

/// <summary>The references that code under test compiles against; nothing is resolved while tests run.</summary>
internal static class ClientReferences
{
    /// <summary>A framework without packages: its assemblies are handed over as additional references.</summary>
    public static readonly ReferenceAssemblies Net10 = new("net10.0");

    private static readonly ImmutableArray<MetadataReference> Framework = [.. Directory.GetFiles(PathOf("Framework"), "*.dll").Select(Load)];

    private static readonly ImmutableDictionary<Client, ImmutableArray<MetadataReference>> ByClient = ImmutableDictionary.CreateRange<Client, ImmutableArray<MetadataReference>>(
    [
        new(Client.None, []),
        new(Client.RabbitMq6, [Load(PathOf("RabbitMq6"))]),
        new(Client.RabbitMq7, [Load(PathOf("RabbitMq7")), Load(PathOf("RateLimiting"))]),
        new(Client.Kafka1, [Load(PathOf("Kafka1"))]),
        new(Client.Kafka2, [Load(PathOf("Kafka2"))]),
        new(Client.Handlers,
        [
            Load(PathOf("Runtime")), Load(PathOf("EntityFramework")), Load(PathOf("EntityFrameworkAbstractions")), Load(PathOf("Services")),
            Load(PathOf("RabbitMq7")), Load(PathOf("RateLimiting")), Load(PathOf("Kafka2")),
        ]),
    ]);

    /// <summary>The framework and the named clients.</summary>
    public static IEnumerable<MetadataReference> For(params Client[] clients) => Framework.Concat(clients.SelectMany(client => ByClient[client]));

    private static string PathOf(string name) => typeof(ClientReferences).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == "Reference:" + name).Value!;

    private static MetadataReference Load(string path) => MetadataReference.CreateFromFile(path);
}
