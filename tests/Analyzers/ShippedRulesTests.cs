using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests;

/// <summary>The compiler loads the analyzers that carry an attribute: together they must be all the rules, each once.</summary>
public sealed class ShippedRulesTests
{
    [Fact]
    public void A_compiler_loads_every_rule_once()
    {
        var rules = typeof(ReliabilityAnalyzer).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(ReliabilityAnalyzer)))
            .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics).Select(rule => rule.Id);
        var loaded = Project.AllRules.SelectMany(analyzer => analyzer.SupportedDiagnostics).Select(rule => rule.Id);
        Assert.Equal(rules.Order(StringComparer.Ordinal), loaded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_rule_that_is_turned_off_everywhere_says_nothing_and_the_others_go_on()
    {
        const string code = "using RabbitMQ.Client; class C { void M(IModel channel) { channel.BasicGet(\"q\", true); channel.QueueDeclare(\"q\", false, false, false); } }";
        var all = await new Project(Client.RabbitMq6, code).IdsAsync();
        var fewer = await new Project(Client.RabbitMq6, code).Configured("is_global = true\ndotnet_diagnostic.REL1001.severity = none\n", "/0/.globalconfig").IdsAsync();
        Assert.Contains("REL1001", all);
        Assert.Equal(all.Where(id => id != "REL1001"), fewer);
    }

    [Fact]
    public async Task A_rule_that_is_turned_off_globally_and_on_for_a_file_speaks_there()
    {
        const string code = "class C { void M(RabbitMQ.Client.IModel channel) => channel.BasicGet(\"q\", true); }";
        var project = new Project(Client.RabbitMq6, code)
            .Configured("is_global = true\ndotnet_diagnostic.REL1001.severity = none\n", "/0/.globalconfig")
            .Configured("root = true\n[*.cs]\ndotnet_diagnostic.REL1001.severity = warning\n");
        Assert.True(await project.SaysAsync("REL1001"));
    }
}
