using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Reliability.Generators.Parsing;

/// <summary>The types that mean something to a handler, looked up once per compilation. Null where nothing references them.</summary>
internal sealed class KnownTypes
{
    public const string RabbitMqHandler = "Reliability.RabbitMqHandlerAttribute";
    public const string KafkaHandler = "Reliability.KafkaHandlerAttribute";
    public const string LocalHandler = "Reliability.LocalHandlerAttribute";
    public const string HandlerJson = "Reliability.HandlerJsonAttribute";

    private static readonly ConditionalWeakTable<Compilation, KnownTypes> PerCompilation = new();
    private readonly Lazy<JsonContexts> _json;

    private KnownTypes(Compilation compilation)
    {
        Compilation = compilation;
        HandlerAttribute = Find("Reliability.HandlerAttribute");
        HandlerJsonAttribute = Find(HandlerJson);
        PublishToAttribute = Find("Reliability.PublishToAttribute");
        MessageNameAttribute = Find("Reliability.MessageNameAttribute");
        Outbox = Find("Reliability.IOutbox");
        MessageContext = Find("Reliability.MessageContext");
        Transports = new()
        {
            [RabbitMqHandler] = "RabbitMq",
            [KafkaHandler] = "Kafka",
            [LocalHandler] = "Local",
        };

        Transaction = Find("System.Data.Common.DbTransaction");
        TransactionInterface = Find("System.Data.IDbTransaction");
        Connection = Find("System.Data.Common.DbConnection");
        ConnectionInterface = Find("System.Data.IDbConnection");
        Batch = Find("System.Data.Common.DbBatch");
        DbContext = Find("Microsoft.EntityFrameworkCore.DbContext");
        HandlerDbContext = Find("Reliability.HandlerDbContext");
        Envelope = Find("Reliability.Envelope");
        Exception = Find("System.Exception");
        CancellationToken = Find("System.Threading.CancellationToken");
        Services = Find("System.IServiceProvider");
        FromKeyedServices = Find("Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute");

        Task = Find("System.Threading.Tasks.Task");
        TaskOfT = Find("System.Threading.Tasks.Task`1");
        ValueTask = Find("System.Threading.Tasks.ValueTask");
        ValueTaskOfT = Find("System.Threading.Tasks.ValueTask`1");
        AsyncEnumerable = Find("System.Collections.Generic.IAsyncEnumerable`1");
        Guid = Find("System.Guid");
        DateOnly = Find("System.DateOnly");
        JsonSerializerContext = Find("System.Text.Json.Serialization.JsonSerializerContext");
        JsonSerializable = Find("System.Text.Json.Serialization.JsonSerializableAttribute");
        _json = new Lazy<JsonContexts>(() => new JsonContexts(this));
    }

    public Compilation Compilation { get; }

    public INamedTypeSymbol? HandlerAttribute { get; }

    public INamedTypeSymbol? HandlerJsonAttribute { get; }

    public INamedTypeSymbol? PublishToAttribute { get; }

    public INamedTypeSymbol? MessageNameAttribute { get; }

    public INamedTypeSymbol? Outbox { get; }

    public INamedTypeSymbol? MessageContext { get; }

    /// <summary>The member of <c>TransportNames</c> for each handler attribute.</summary>
    public Dictionary<string, string> Transports { get; }

    public INamedTypeSymbol? Transaction { get; }

    public INamedTypeSymbol? TransactionInterface { get; }

    public INamedTypeSymbol? Connection { get; }

    public INamedTypeSymbol? ConnectionInterface { get; }

    public INamedTypeSymbol? Batch { get; }

    public INamedTypeSymbol? DbContext { get; }

    /// <summary>What enlists a DbContext; null where Reliability.EntityFrameworkCore is not referenced.</summary>
    public INamedTypeSymbol? HandlerDbContext { get; }

    public INamedTypeSymbol? Envelope { get; }

    public INamedTypeSymbol? Exception { get; }

    public INamedTypeSymbol? CancellationToken { get; }

    public INamedTypeSymbol? Services { get; }

    public INamedTypeSymbol? FromKeyedServices { get; }

    public INamedTypeSymbol? Task { get; }

    public INamedTypeSymbol? TaskOfT { get; }

    public INamedTypeSymbol? ValueTask { get; }

    public INamedTypeSymbol? ValueTaskOfT { get; }

    public INamedTypeSymbol? AsyncEnumerable { get; }

    public INamedTypeSymbol? Guid { get; }

    public INamedTypeSymbol? DateOnly { get; }

    public INamedTypeSymbol? JsonSerializerContext { get; }

    public INamedTypeSymbol? JsonSerializable { get; }

    /// <summary>The contexts that the assembly names.</summary>
    public JsonContexts Json => _json.Value;

    public static KnownTypes Of(Compilation compilation) => PerCompilation.GetValue(compilation, static c => new KnownTypes(c));

    private INamedTypeSymbol? Find(string metadataName) => Compilation.GetTypeByMetadataName(metadataName);
}
