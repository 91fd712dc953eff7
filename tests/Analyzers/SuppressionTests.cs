namespace Reliability.Tests;

/// <summary>Every way in which people say "not here".</summary>
public sealed class SuppressionTests
{
    private const string Wrong = """channel.BasicGet("q", true);""";

    [Theory]
    [InlineData("#pragma warning disable REL1001 // a feed\n" + Wrong + "\n#pragma warning restore REL1001")]
    [InlineData("#pragma warning disable\n" + Wrong + "\n#pragma warning restore")]
    public async Task By_pragma(string statements)
    {
        Assert.Empty(await InMethodAsync(statements));
        Assert.Equal(["REL1001"], await InMethodAsync($"{statements}\n{Wrong}"));
    }

    [Fact]
    public async Task A_pragma_for_another_rule_silences_nothing() => Assert.Equal(["REL1001"], await InMethodAsync($"#pragma warning disable REL1002\n{Wrong}"));

    [Theory]
    [InlineData("""[System.Diagnostics.CodeAnalysis.SuppressMessage("RabbitMQ.Consuming", "REL1001", Justification = "a feed")]""")]
    [InlineData("""[System.Diagnostics.CodeAnalysis.SuppressMessage("RabbitMQ.Consuming", "REL1001:Deliveries are acknowledged before they are processed")]""")]
    public async Task By_attribute_of_the_method_or_the_type(string attribute)
    {
        Assert.Empty(await new Project(Client.RabbitMq6, $$"""using RabbitMQ.Client; class C { {{attribute}} void M(IModel channel) { {{Wrong}} } }""").IdsAsync());
        Assert.Empty(await new Project(Client.RabbitMq6, $$"""using RabbitMQ.Client; {{attribute}} class C { void M(IModel channel) { {{Wrong}} } }""").IdsAsync());
    }

    [Theory]
    [InlineData("""[assembly: System.Diagnostics.CodeAnalysis.SuppressMessage("RabbitMQ.Consuming", "REL1001", Scope = "member", Target = "~M:C.M(RabbitMQ.Client.IModel)")]""")]
    [InlineData("""[assembly: System.Diagnostics.CodeAnalysis.SuppressMessage("RabbitMQ.Consuming", "REL1001", Scope = "type", Target = "~T:C")]""")]
    public async Task By_a_file_of_suppressions(string suppression) =>
        Assert.Empty(await Method(Wrong).With("/0/GlobalSuppressions.cs", suppression).IdsAsync());

    [Theory]
    [InlineData("[*.cs]\ndotnet_diagnostic.REL1001.severity = none")]
    [InlineData("[Code.cs]\ndotnet_diagnostic.REL1001.severity = none")]
    [InlineData("[{Code,Other}.cs]\ndotnet_diagnostic.REL1001.severity = none")]
    [InlineData("[*.cs]\ndotnet_analyzer_diagnostic.category-RabbitMQ.Consuming.severity = none")]
    [InlineData("[*.cs]\ngenerated_code = true")]
    public async Task By_editorconfig(string section) => Assert.Empty(await Method(Wrong).Configured($"root = true\n{section}\n").IdsAsync());

    [Theory]
    [InlineData("[Other.cs]\ndotnet_diagnostic.REL1001.severity = none")]
    [InlineData("[*.cs]\ndotnet_diagnostic.REL1002.severity = none")]
    public async Task What_editorconfig_says_of_others_silences_nothing(string section) => Assert.Equal(["REL1001"], await Method(Wrong).Configured($"root = true\n{section}\n").IdsAsync());

    [Fact]
    public async Task A_finding_in_a_configuration_file_is_silenced_for_the_project_and_not_by_a_section()
    {
        Project Settings() => new Project(Client.Kafka2, "class C { }").WithAdditional("/0/appsettings.json", """{ "Kafka": { "Acks": 0 } }""");

        Assert.Equal(["REL3002"], await Settings().IdsAsync());
        Assert.Empty(await Settings().Configured("is_global = true\ndotnet_diagnostic.REL3002.severity = none\n", "/0/.globalconfig").IdsAsync());
        // The compiler asks the sections of .editorconfig about code only.
        Assert.Equal(["REL3002"], await Settings().Configured("root = true\n[*]\ndotnet_diagnostic.REL3002.severity = none\n").IdsAsync());
    }

    private static Project Method(string statements) => new(Client.RabbitMq6, $"using RabbitMQ.Client;\nclass C\n{{\nvoid M(IModel channel)\n{{\n{statements}\n}}\n}}");

    private static Task<string[]> InMethodAsync(string statements) => Method(statements).IdsAsync();
}
