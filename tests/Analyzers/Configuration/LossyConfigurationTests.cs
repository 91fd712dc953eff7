using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Reliability.Tests.Configuration;

/// <summary>Files beside the code; each finding as line:column and the key.</summary>
public sealed class LossyConfigurationTests
{
    [Theory]
    [InlineData("""{ "Kafka": { "Producer": { "Acks": "Leader" } } }""", "1:36 Acks")]
    [InlineData("""{ "Kafka": { "Acks": 0, "EnableIdempotence": false } }""", "1:22 Acks", "1:46 EnableIdempotence")]
    [InlineData("{\n  \"Consumer\": {\n    \"BootstrapServers\": \"b\",\n    \"EnableAutoCommit\": true, // a timer\n  }\n}", "4:25 EnableAutoCommit")]
    [InlineData("""{ "Any": { "enable.auto.commit": "true" } }""", "1:34 enable.auto.commit")]
    [InlineData("""{ "Topics": [ { "Configs": { "min.insync.replicas": "1", "unclean.leader.election.enable": true } } ] }""", "1:53 min.insync.replicas", "1:92 unclean.leader.election.enable")]
    [InlineData("""{ "Kafka": { "Acks": "None", "broken """, "1:22 Acks")]
    public Task Kafka_settings_are_found(string json, params string[] expected) => FindsAsync(Client.Kafka2, "appsettings.json", json, expected);

    [Theory]
    [InlineData("""{ "Kafka": { "Acks": "All", "EnableIdempotence": true, "EnableAutoCommit": false } }""")]
    [InlineData("""{ "Kafka": { "EnableAutoCommit": true, "EnableAutoOffsetStore": false } }""")]
    [InlineData("""{ "Game": { "Acks": 1, "EnableAutoCommit": true } }""")]
    [InlineData("""{ "acks": "1" }""")]
    [InlineData("""// { "Kafka": { "Acks": 0 } }""")]
    [InlineData("")]
    [InlineData("[[[")]
    public Task Other_settings_are_silent(string json) => FindsAsync(Client.Kafka1, "appsettings.Production.json", json);

    [Theory]
    [InlineData("# servers\nbootstrap.servers=b\nacks=1\n", "3:6 acks")]
    [InlineData("group.id: g\nenable.auto.commit: true\n", "2:21 enable.auto.commit")]
    [InlineData("request.required.acks = 0", "1:25 request.required.acks")]
    public Task Properties_are_found(string text, params string[] expected) => FindsAsync(Client.Kafka2, "producer.properties", text, expected);

    [Theory]
    [InlineData("acks=1")]
    [InlineData("#acks=1\nbootstrap.servers=b")]
    [InlineData("bootstrap.servers=b\nacks=all\nenable.auto.commit=false")]
    public Task Other_properties_are_silent(string text) => FindsAsync(Client.Kafka2, "producer.properties", text);

    [Theory]
    [InlineData("{\"queues\":[{\"name\":\"orders\",\"durable\":false,\"auto_delete\":true}]}", "1:39 durable", "1:59 auto_delete")]
    [InlineData("{\n  \"exchanges\": [\n    { \"name\": \"orders\", \"type\": \"topic\", \"durable\": false, \"auto_delete\": true }\n  ]\n}", "3:53 durable")]
    public Task Definitions_are_found(string json, params string[] expected) => FindsAsync(Client.RabbitMq7, "definitions.json", json, expected);

    [Theory]
    [InlineData("definitions.json", "{\"queues\":[{\"name\":\"orders\",\"durable\":true,\"auto_delete\":false,\"arguments\":{\"durable\":false}}]}")]
    [InlineData("definitions.json", "{\"exchanges\":[{\"name\":\"amq.topic\",\"durable\":false}]}")]
    [InlineData("definitions.json", "{\"bindings\":[{\"durable\":false}]}")]
    [InlineData("other.json", "{\"queues\":[{\"name\":\"orders\",\"durable\":false}]}")]
    [InlineData("appsettings.json", "{ \"Kafka\": { \"Acks\": 0 } }")]
    public Task Other_files_of_RabbitMq_are_silent(string file, string text) => FindsAsync(Client.RabbitMq6, file, text);

    [Fact]
    public Task RabbitMq_settings_are_found() => FindsAsync(Client.RabbitMq6, "appsettings.json", """{ "RabbitMQ": { "AutomaticRecoveryEnabled": false, "TopologyRecoveryEnabled": true } }""", "1:45 AutomaticRecoveryEnabled");

    [Fact]
    public Task Nothing_is_read_where_no_client_is() => FindsAsync(Client.None, "appsettings.json", """{ "Kafka": { "Acks": 0 } }""");

    private static async Task FindsAsync(Client client, string name, string text, params string[] expected)
    {
        var token = TestContext.Current.CancellationToken;
        var compilation = CSharpCompilation.Create(
            "Shop", [CSharpSyntaxTree.ParseText("class C;", cancellationToken: token)], ClientReferences.For(client), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var options = new AnalyzerOptions([new File(name, text)]);
        var reported = await compilation.WithAnalyzers([new LossyConfiguration()], options).GetAnalyzerDiagnosticsAsync(token);

        Assert.All(reported, one => Assert.Equal("REL3002", one.Id));
        Assert.Equal(expected, reported.OrderBy(one => one.Location.SourceSpan.Start)
            .Select(one => $"{one.Location.GetLineSpan().StartLinePosition.Line + 1}:{one.Location.GetLineSpan().StartLinePosition.Character + 1} {one.Properties["member"]}"));
    }

    private sealed class File(string name, string text) : AdditionalText
    {
        public override string Path => "/shop/" + name;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
