using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests;

/// <summary>
/// Every overload of a client's method, as its package declares it, written by position, by name, by name in the other order, without what is optional, and through its extension class:
/// a rule must see the mistake in each.
/// </summary>
public sealed class EverySpellingTests
{
    private static readonly string[] SixTypes = ["RabbitMQ.Client.IModel", "RabbitMQ.Client.IModelExensions"];
    private static readonly string[] SevenTypes = ["RabbitMQ.Client.IChannel", "RabbitMQ.Client.IChannelExtensions"];
    private static readonly string[] Consumers = ["Confluent.Kafka.IConsumer`2", "Confluent.Kafka.IConsumerExtensions"];
    private static readonly string[] Producers = ["Confluent.Kafka.IProducer`2"];

    [Theory]
    [InlineData("BasicConsume", "autoAck: true")]
    [InlineData("BasicGet", "autoAck: true")]
    public Task REL1001_in_consuming(string method, string wrong) => SeesAsync<AutoAck>(method, wrong, ["autoAck"]);

    [Fact]
    public Task REL1101_in_declaring_exchanges() => SeesAsync<NonDurableExchange>("ExchangeDeclare", "durable: false");

    [Fact]
    public Task REL1102_in_declaring_queues() => SeesAsync<NonDurableQueue>("QueueDeclare", "durable: false; exclusive: false; autoDelete: false", ["exclusive", "autoDelete", "queue"]);

    [Fact]
    public async Task What_only_version_6_has()
    {
        await SeesAsync<NonDurableExchange>(Client.RabbitMq6, SixTypes, "ExchangeDeclareNoWait", "durable: false", "@;");
        await SeesAsync<NonDurableQueue>(Client.RabbitMq6, SixTypes, "QueueDeclareNoWait", "durable: false; exclusive: false; autoDelete: false", "@;");
        await SeesAsync<TransientMessage>(Client.RabbitMq6, ["RabbitMQ.Client.IBasicPublishBatch", "RabbitMQ.Client.BasicPublishBatchExtensions"], "Add", "", "var batch = channel.CreateBasicPublishBatch(); @;");
        await SeesAsync<Unroutable>(Client.RabbitMq6, ["RabbitMQ.Client.IBasicPublishBatch", "RabbitMQ.Client.BasicPublishBatchExtensions"], "Add", "", "var batch = channel.CreateBasicPublishBatch(); @;");
    }

    [Theory]
    [InlineData("BasicNack")]
    [InlineData("BasicReject")]
    public Task REL1005_in_giving_back(string method) => SeesAsync<UnboundedRequeue>(
        method, "deliveryTag: got.DeliveryTag; requeue: true", around: "var got = Next(); try { Work(got); } catch (Exception) { @; }");

    [Theory]
    [InlineData("BasicNack")]
    [InlineData("BasicReject")]
    public Task REL1006_in_giving_back(string method) => SeesAsync<RejectedWithoutDeadLetter>(
        method, "deliveryTag: got.DeliveryTag; requeue: false", around: "var got = Next(); Declared(channel); @;");

    [Fact]
    public Task REL1103_in_declaring_queues() => SeesAsync<ConnectionBoundQueue>("QueueDeclare", "durable: true; exclusive: true; autoDelete: true", ["queue"]);

    [Fact]
    public Task REL1104_in_declaring_queues() => SeesAsync<LossyQueueArguments>("QueueDeclare", "durable: true; exclusive: false; autoDelete: false; arguments: new Dictionary<string, object?> { [\"x-max-length\"] = 5 }", ["exclusive", "arguments", "queue"]);

    [Fact]
    public Task REL1106_in_declaring_queues() => SeesAsync<DroppedAfterRedeliveries>("QueueDeclare", "durable: true; exclusive: false; autoDelete: false; arguments: new Dictionary<string, object?> { [\"x-queue-type\"] = \"quorum\" }", ["arguments", "queue"]);

    [Fact]
    public Task REL1201_in_publishing() => SeesAsync<TransientMessage>("BasicPublish", "");

    [Fact]
    public Task REL1202_in_publishing() => SeesAsync<MissingConfirms>("BasicPublish", "");

    [Fact]
    public Task REL1204_in_publishing() => SeesAsync<Unroutable>("BasicPublish", "mandatory: false");

    [Fact]
    public Task REL1206_in_publishing() => SeesAsync<SharedChannel>("BasicPublish", "", around: "Parallel.For(0, 9, async i => { await Task.Yield(); @; });");

    [Fact]
    public Task REL1207_in_publishing() => SeesAsync<NoMessageId>("BasicPublish", "");

    [Fact]
    public Task REL1007_in_limiting() => SeesAsync<UnboundedPrefetch>("BasicQos", "global: true", ["global"]);

    [Fact]
    public Task REL1002_in_acknowledging() => SeesAsync<AckBeforeProcessing>("BasicAck", "deliveryTag: got.DeliveryTag", around: "BasicGetResult got = null!; while (true) { got = Next(); @; Work(got); }");

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public async Task REL2104_in_producing(Client client)
    {
        await SeesAsync<UnobservedDelivery>(client, Producers, "Produce", "deliveryHandler: null", "@;");
        await SeesAsync<UnobservedDelivery>(client, Producers, "ProduceAsync", "", "@;");
    }

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public async Task REL2002_in_committing(Client client)
    {
        const string Loop = "while (true) { var record = consumer.Consume(); @; Work(record.Message); }";
        await SeesAsync<CommitBeforeProcessing>(client, Consumers, "Commit", "", Loop);
        await SeesAsync<CommitBeforeProcessing>(client, Consumers, "StoreOffset", "", Loop);
    }

    private static async Task SeesAsync<TRule>(string method, string wrong, string[]? always = null, string around = "@;")
        where TRule : DiagnosticAnalyzer, new()
    {
        await SeesAsync<TRule>(Client.RabbitMq6, SixTypes, method, wrong, around, always);
        await SeesAsync<TRule>(Client.RabbitMq7, SevenTypes, method + "Async", wrong, around, always);
    }

    private static async Task SeesAsync<TRule>(Client client, string[] types, string method, string wrong, string around, string[]? always = null)
        where TRule : DiagnosticAnalyzer, new()
    {
        var token = TestContext.Current.CancellationToken;
        var references = CSharpCompilation.Create("References", references: ClientReferences.For(client));
        var values = wrong.Split("; ").Where(static one => one.Contains(": ", StringComparison.Ordinal)).ToDictionary(static one => one[..one.IndexOf(": ", StringComparison.Ordinal)], static one => one[(one.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
        var spellings = types.Select(references.GetTypeByMetadataName).OfType<INamedTypeSymbol>()
            .SelectMany(type => type.GetMembers(method).OfType<IMethodSymbol>())
            .SelectMany(overload => Spell(overload, values, [.. values.Keys.Where(key => (always ?? []).Contains(key)), .. always ?? []])).Distinct().ToList();
        Assert.NotEmpty(spellings);

        var compilation = Compile(client, spellings.Select(spelling => around.Replace("@", spelling, StringComparison.Ordinal)));
        Assert.Empty(compilation.GetDiagnostics(token).Where(static one => one.Severity == DiagnosticSeverity.Error).Select(static one => one.ToString()));
        var found = await compilation.WithAnalyzers([new TRule()]).GetAnalyzerDiagnosticsAsync(token);
        var lines = found.Select(static one => one.Location.GetLineSpan().StartLinePosition.Line).ToHashSet();
        Assert.Empty(spellings.Where((_, index) => !lines.Contains(index + Header(client).Count(static c => c == '\n'))));
    }

    /// <summary>The ways to write one call.</summary>
    private static IEnumerable<string> Spell(IMethodSymbol overload, Dictionary<string, string> values, string[] always)
    {
        var receiver = overload.ContainingType.Name switch { "IProducer" => "producer", "IConsumer" or "IConsumerExtensions" => "consumer", "IBasicPublishBatch" or "BasicPublishBatchExtensions" => "batch", _ => "channel" };
        var parameters = overload.Parameters.Skip(overload.IsExtensionMethod ? 1 : 0).ToList();
        var named = parameters.Select(one => (one.Name, one.IsOptional, Value: values.TryGetValue(one.Name, out var value) ? value : ValueOf(one.Type))).ToList();
        var needed = named.Where(one => !one.IsOptional || always.Contains(one.Name)).ToList();
        var name = $"{receiver}.{overload.Name}";

        yield return $"{name}({string.Join(", ", named.Select(static one => one.Value))})";
        yield return $"{name}({string.Join(", ", named.Select(static one => $"{one.Name}: {one.Value}"))})";
        yield return $"{name}({string.Join(", ", Enumerable.Reverse(named).Select(static one => $"{one.Name}: {one.Value}"))})";
        yield return $"{name}({string.Join(", ", needed.Select(static one => $"{one.Name}: {one.Value}"))})";
        if (overload.IsExtensionMethod)
            yield return $"{overload.ContainingType.Name}.{overload.Name}({string.Join(", ", named.Select(static one => one.Value).Prepend(receiver))})";
    }

    private static string ValueOf(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => "\"q\"",
        { SpecialType: SpecialType.System_Boolean } => "false",
        { SpecialType: SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64 } => "1",
        { TypeKind: TypeKind.TypeParameter } => "new BasicProperties()",
        IArrayTypeSymbol => "body",
        { Name: "CachedString" } => "new CachedString(\"q\")",
        { Name: "PublicationAddress" } => "new PublicationAddress(\"direct\", \"x\", \"k\")",
        { Name: "IBasicConsumer" or "IAsyncBasicConsumer" } => "consumer",
        { Name: "IBasicProperties" } => "(IBasicProperties)null!",
        { Name: "IDictionary" } => "null",
        { Name: "ReadOnlyMemory" } => "new ReadOnlyMemory<byte>(body)",
        { Name: "CancellationToken" } => "token",
        { Name: "TopicPartition" } => "new TopicPartition(\"t\", 0)",
        { Name: "Message" } => "new Message<string, string>()",
        { Name: "ConsumeResult" } => "record",
        { Name: "TopicPartitionOffset" } => "record.TopicPartitionOffset",
        { Name: "IEnumerable" } => "new[] { record.TopicPartitionOffset }",
        _ => throw new InvalidOperationException($"No test says what to pass for a {type}."),
    };

    private static CSharpCompilation Compile(Client client, IEnumerable<string> statements)
    {
        var parameters = client switch
        {
            Client.RabbitMq6 => "IModel channel, IBasicConsumer consumer, byte[] body",
            Client.RabbitMq7 => "IChannel channel, IAsyncBasicConsumer consumer, byte[] body, CancellationToken token",
            _ => "IProducer<string, string> producer, IConsumer<string, string> consumer, CancellationToken token",
        };
        // Where a channel must be in view, it is made in the method.
        var before = client switch
        {
            Client.RabbitMq6 => "channel = Connection.CreateModel();",
            Client.RabbitMq7 => "channel = await Connection.CreateChannelAsync();",
            _ => "await Task.Yield();",
        };
        var methods = statements.Select((statement, index) => $"async Task M{index}({parameters}) {{ {before} {statement} }}");
        return CSharpCompilation.Create(
            "Spellings", [CSharpSyntaxTree.ParseText(Header(client) + string.Join("\n", methods) + "\n}")], ClientReferences.For(client),
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Annotations));
    }

    private static string Header(Client client) => Verify.Usings(client) + client switch
    {
        Client.RabbitMq6 => "class C { IConnection Connection = null!; BasicGetResult Next() => null!; void Work(object message) { } "
            + "void Declared(IModel channel) { channel.QueueDeclare(\"q\", true, false, false, null); channel.BasicGet(\"q\", false); }\n",
        Client.RabbitMq7 => "class C { IConnection Connection = null!; BasicGetResult Next() => null!; void Work(object message) { } "
            + "async void Declared(IChannel channel) { await channel.QueueDeclareAsync(\"q\", true, false, false, null); await channel.BasicGetAsync(\"q\", false); }\n",
        _ => "class C { void Work(object message) { }\n",
    };
}
