using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliability.Tests;

/// <summary>The language as people use it, and projects as they are built: each mistake is found, and its mended twin is silent.</summary>
public sealed class ProjectShapeTests
{
    private const string Six = "using System; using System.Collections.Generic; using System.Threading.Tasks; using RabbitMQ.Client; using RabbitMQ.Client.Events;\n";
    private const string Seven = Six;
    private const string Kafka = "using System; using System.Threading; using System.Threading.Tasks; using Confluent.Kafka;\n";

    [Theory]
    [InlineData("var", "REL1202")]
    [InlineData("var confirmed = channel; channel.ConfirmSelect(); var", "")]
    public Task Top_level_statements(string declaration, string expected) => FindsAsync(expected, new Project(
        Client.RabbitMq6,
        $$"""
        using RabbitMQ.Client;
        using var connection = new ConnectionFactory().CreateConnection();
        using var channel = connection.CreateModel();
        {{declaration}} properties = channel.CreateBasicProperties();
        properties.Persistent = true;
        Send("text");
        void Send(string text) => channel.BasicPublish("x", "k", true, properties, System.Text.Encoding.UTF8.GetBytes(text));
        """) { Kind = OutputKind.ConsoleApplication }, "REL1202");

    [Fact]
    public async Task Global_usings_of_namespaces_aliases_and_static_classes()
    {
        var project = new Project(Client.Kafka2, """
            class C { object M() => new Config { Acks = None }; object N() => new Config { Acks = All }; }
            """).With("/0/Usings.cs", "global using Confluent.Kafka; global using Config = Confluent.Kafka.ProducerConfig; global using static Confluent.Kafka.Acks;");
        Assert.Equal(["REL2101"], await project.IdsAsync());
    }

    [Theory]
    [InlineData("", "REL1202")]
    [InlineData("_channel.ConfirmSelect();", "")]
    public Task Partial_classes_in_several_files(string setUp, string expected) => FindsAsync(
        expected,
        new Project(Client.RabbitMq6, Six + $$"""partial class Sender { private readonly IModel _channel; public Sender(IConnection connection) { _channel = connection.CreateModel(); {{setUp}} } partial void Done(); }""")
            .With("/0/Sender.Sending.cs", Six + """partial class Sender { public void Send(byte[] body) => _channel.BasicPublish("x", "k", true, null, body); partial void Done() { } }"""),
        "REL1202");

    [Theory]
    [InlineData("record Reader(IModel Channel) { public BasicGetResult Next() => Channel.BasicGet(\"q\", {0}); }")]
    [InlineData("record struct Reader(IModel Channel) { public BasicGetResult Next() => Channel.BasicGet(\"q\", {0}); }")]
    [InlineData("sealed record Reader { public required IModel Channel { get; init; } public bool AutoAck { get; } = {0}; public BasicGetResult Next() => Channel.BasicGet(\"q\", AutoAck); }")]
    public async Task Records(string code)
    {
        Assert.Equal(["REL1001"], await new Project(Client.RabbitMq6, Six + code.Replace("{0}", "true", StringComparison.Ordinal)).IdsAsync());
        Assert.Empty(await new Project(Client.RabbitMq6, Six + code.Replace("{0}", "false", StringComparison.Ordinal)).IdsAsync());
    }

    [Theory]
    [InlineData("connection.CreateModel()", "REL1202")]
    [InlineData("Confirmed(connection)", "")]
    public Task Primary_constructors(string creation, string expected) => FindsAsync(expected, new Project(Client.RabbitMq6, Six + $$"""
        class Sender(IConnection connection)
        {
            private readonly IModel _channel = {{creation}};
            public void Send(byte[] body) => _channel.BasicPublish("x", "k", true, null, body);
            private static IModel Confirmed(IConnection connection) { var channel = connection.CreateModel(); channel.ConfirmSelect(); return channel; }
        }
        """), "REL1202");

    [Theory]
    [InlineData("false", "REL1201")]
    [InlineData("true", "")]
    public Task Generics_over_the_type_of_the_message(string persistent, string expected) => FindsAsync(expected, new Project(Client.RabbitMq7, Seven + $$"""
        abstract class Sender<TMessage> where TMessage : class
        {
            protected abstract byte[] Write(TMessage message);
            public async Task SendAsync<TChannel>(TChannel channel, TMessage message) where TChannel : IChannel =>
                await channel.BasicPublishAsync("x", typeof(TMessage).Name, mandatory: true, new BasicProperties { Persistent = {{persistent}} }, Write(message));
        }
        """), "REL1201");

    [Theory]
    [InlineData("null", "REL2001")]
    [InlineData("false", "")]
    public Task Generic_consumers_built_in_expression_bodies(string commit, string expected) => FindsAsync(expected, new Project(Client.Kafka2, Kafka + $$"""
        class Reader<TKey, TValue>(string servers)
        {
            private ConsumerConfig Config => new() { BootstrapServers = servers, GroupId = "g", EnableAutoCommit = {{commit}} };
            public IConsumer<TKey, TValue> Build() => new ConsumerBuilder<TKey, TValue>(Config).Build();
        }
        """), "REL2001");

    [Theory]
    [InlineData("", "REL1202")]
    [InlineData("new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)", "")]
    public Task Await_using(string options, string expected) => FindsAsync(expected, new Project(Client.RabbitMq7, Seven + $$"""
        class C
        {
            async Task M(ConnectionFactory factory, byte[] body)
            {
                await using var connection = await factory.CreateConnectionAsync();
                await using (var channel = await connection.CreateChannelAsync({{options}}))
                {
                    await channel.BasicPublishAsync("x", "k", mandatory: true, new BasicProperties { Persistent = true }, body);
                }
            }
        }
        """), "REL1202");

    [Theory]
    [InlineData("", "REL1202")]
    [InlineData("channel.ConfirmSelect();", "")]
    public Task Extension_methods_around_the_client(string setUp, string expected) => FindsAsync(expected, new Project(Client.RabbitMq6, Six + $$"""
        internal static class Publishing
        {
            public static void Send(this IModel channel, byte[] body) => channel.BasicPublish("x", "k", true, null, body);
        }
        class C
        {
            void M(IConnection connection, byte[] body)
            {
                var channel = connection.CreateModel();
                {{setUp}}
                channel.Send(body);
            }
        }
        """), "REL1202");

    [Fact]
    public async Task Projects_of_a_solution_each_see_the_constants_of_those_they_refer_to()
    {
        var contracts = CSharpCompilation.Create(
            "Contracts",
            [CSharpSyntaxTree.ParseText("""namespace Contracts; public static class Settings { public const bool AutoAck = true; public const bool ByHand = false; public static bool Decide() => true; }""", cancellationToken: TestContext.Current.CancellationToken)],
            ClientReferences.For(Client.None), new(OutputKind.DynamicallyLinkedLibrary));
        Project Worker(string value) => new(Client.RabbitMq6, Six + $$"""class C { void M(IModel channel) => channel.BasicGet("q", {{value}}); }""")
        {
            References = [.. ClientReferences.For(Client.RabbitMq6), contracts.ToMetadataReference()],
        };

        Assert.Equal(["REL1001"], await Worker("Contracts.Settings.AutoAck").IdsAsync());
        Assert.Empty(await Worker("Contracts.Settings.ByHand").IdsAsync());
        // What another project computes is out of view.
        Assert.Empty(await Worker("Contracts.Settings.Decide()").IdsAsync());
    }

    [Fact]
    public async Task Where_warnings_are_errors_findings_are_and_suggestions_are_not()
    {
        const string code = Six + """class C { void M(IModel channel) { channel.BasicGet("q", true); channel.TxSelect(); } }""";
        var reports = await new Project(Client.RabbitMq6, code) { General = ReportDiagnostic.Error }.ReportsAsync();
        Assert.Equal(["REL1001 Error", "REL1205 Info"], reports.Select(one => $"{one.Id} {one.Severity}"));
    }

    [Fact]
    public async Task Both_majors_by_alias_are_judged_each_by_its_own_ways()
    {
        const string code = """
            extern alias six; extern alias seven;
            using System.Threading.Tasks;
            class C
            {
                void Six(six::RabbitMQ.Client.IConnection connection, byte[] body)
                {
                    var channel = connection.CreateModel();
                    channel.BasicPublish("x", "k", true, null, body);
                }
                async Task SevenAsync(seven::RabbitMQ.Client.IConnection connection, byte[] body)
                {
                    var good = await connection.CreateChannelAsync(new seven::RabbitMQ.Client.CreateChannelOptions(true, true));
                    await good.BasicPublishAsync("x", "k", true, new seven::RabbitMQ.Client.BasicProperties { Persistent = true, MessageId = "1" }, body);
                    var bad = await connection.CreateChannelAsync();
                    await bad.BasicPublishAsync("x", "k", true, new seven::RabbitMQ.Client.BasicProperties { MessageId = "1" }, body);
                }
            }
            """;
        var project = new Project(Client.None, code) { References = Aliased() };
        var reports = (await project.ReportsAsync()).Where(one => one.Severity >= DiagnosticSeverity.Warning);

        Assert.Equal(
            ["REL1201 rabbitmq6", "REL1201 rabbitmq7", "REL1202 rabbitmq6", "REL1202 rabbitmq7", "REL1204 rabbitmq6"],
            reports.Select(one => $"{one.Id} {one.Properties["client"]}").Order(StringComparer.Ordinal));
    }

    private static System.Collections.Immutable.ImmutableArray<MetadataReference> Aliased() =>
    [
        .. ClientReferences.For(Client.RabbitMq6, Client.RabbitMq7).Select(reference => Path.GetFileName(reference.Display) == "RabbitMQ.Client.dll"
            ? reference.WithAliases([reference.Display!.Contains("netstandard", StringComparison.Ordinal) ? "six" : "seven"])
            : reference),
    ];

    /// <summary>Asks for one rule alone: what else a line has wrong with it is not the question.</summary>
    private static async Task FindsAsync(string expected, Project project, string rule) =>
        Assert.Equal(expected, string.Join(" ", (await project.IdsAsync()).Where(id => id == rule)));
}
