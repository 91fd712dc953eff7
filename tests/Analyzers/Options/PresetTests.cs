using Microsoft.CodeAnalysis;
using Set = Reliability.Analyzers.Options.Presets;
using Reliability.Presets;

namespace Reliability.Tests.Options;

/// <summary>The presets as the compiler takes them: the very files that are packed.</summary>
public sealed class PresetTests
{
    // In Minimal (a warning), not in Minimal (a warning), not in Minimal (a suggestion).
    private const string Code = """
        class C
        {
            void M(IModel channel, IBasicProperties properties)
            {
                channel.BasicGet("q", true);
                new ConnectionFactory { AutomaticRecoveryEnabled = false }.ToString();
                channel.TxSelect();
            }
        }
        """;

    [Theory]
    [InlineData("Recommended", "REL1001 Warning", "REL1205 Info", "REL1208 Warning")]
    [InlineData("Strict", "REL1001 Error", "REL1205 Error", "REL1208 Error")]
    [InlineData("Minimal", "REL1001 Warning")]
    [InlineData("None")]
    public async Task A_preset_decides_which_rules_speak_and_how_loudly(string preset, params string[] expected) =>
        Assert.Equal(expected, await SeveritiesAsync(Preset(preset)));

    [Fact]
    public async Task Recommended_is_what_the_rules_say_by_themselves() =>
        Assert.Equal(await SeveritiesAsync(new Project(Client.RabbitMq6, Source)), await SeveritiesAsync(Preset(Set.Recommended)));

    [Theory]
    [InlineData("Strict", "suggestion", "REL1001 Info")]
    [InlineData("Strict", "none")]
    [InlineData("Minimal", "error", "REL1001 Error")]
    [InlineData("None", "warning", "REL1001 Warning")]
    public async Task What_a_project_says_goes_before_the_preset(string preset, string severity, params string[] expected)
    {
        var byFile = Preset(preset).Configured($"root = true\n[*.cs]\ndotnet_diagnostic.REL1001.severity = {severity}\n");
        var byGlobal = Preset(preset).Configured($"is_global = true\ndotnet_diagnostic.REL1001.severity = {severity}\n", "/0/.globalconfig");

        Assert.Equal(expected, (await SeveritiesAsync(byFile)).Where(one => one.StartsWith("REL1001", StringComparison.Ordinal)));
        Assert.Equal(expected, (await SeveritiesAsync(byGlobal)).Where(one => one.StartsWith("REL1001", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Recommended", "REL1001 Error")]
    [InlineData("Minimal", "REL1001 Error")]
    public async Task Warnings_become_errors_where_a_project_treats_them_so(string preset, string expected)
    {
        var project = new Project(Client.RabbitMq6, Source) { General = ReportDiagnostic.Error }.Configured(TextOf(preset), $"/packages/{PresetFiles.NameOf(preset)}");
        Assert.Contains(expected, await SeveritiesAsync(project));
    }

    [Fact]
    public async Task In_Recommended_the_severity_of_a_category_still_counts()
    {
        var project = Preset("Recommended").Configured("root = true\n[*.cs]\ndotnet_analyzer_diagnostic.category-RabbitMQ.Consuming.severity = error\n");
        Assert.Contains("REL1001 Error", await SeveritiesAsync(project));
    }

    [Fact]
    public void Every_preset_has_its_file_and_Strict_and_None_name_every_rule()
    {
        Assert.Equal(["Recommended.globalconfig", "Strict.globalconfig", "Minimal.globalconfig", "None.globalconfig"], PresetFiles.All().Select(file => file.Name));
        Assert.All(Project.AllRules.SelectMany(rule => rule.SupportedDiagnostics), rule =>
        {
            Assert.Contains($"\ndotnet_diagnostic.{rule.Id}.severity = error\n", TextOf("Strict"), StringComparison.Ordinal);
            Assert.Contains($"\ndotnet_diagnostic.{rule.Id}.severity = none\n", TextOf("None"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Minimal_leaves_the_rules_that_lose_messages_for_certain_alone_and_turns_the_others_off()
    {
        var off = TextOf("Minimal").Split('\n').Where(line => line.StartsWith("dotnet_diagnostic.", StringComparison.Ordinal)).ToList();

        Assert.All(off, line => Assert.EndsWith(" = none", line, StringComparison.Ordinal));
        Assert.Equal(
            Project.AllRules.SelectMany(rule => rule.SupportedDiagnostics).Where(rule => !rule.CustomTags.Contains(Set.MinimalTag)).Select(rule => rule.Id).Order(StringComparer.Ordinal),
            off.Select(line => line.Split('.')[1]));
    }

    [Fact]
    public void What_loses_messages_for_certain_is_no_mere_suggestion() => Assert.All(
        Project.AllRules.SelectMany(rule => rule.SupportedDiagnostics).Where(rule => rule.CustomTags.Contains(Set.MinimalTag)),
        rule => Assert.Equal((rule.Id, DiagnosticSeverity.Warning), (rule.Id, rule.DefaultSeverity)));

    private static string Source => Verify.Usings(Client.RabbitMq6) + Code;

    private static string TextOf(string preset) => PresetFiles.TextOf(preset);

    private static Project Preset(string preset) => new Project(Client.RabbitMq6, Source).Configured(TextOf(preset), $"/packages/{PresetFiles.NameOf(preset)}");

    private static async Task<string[]> SeveritiesAsync(Project project) => [.. (await project.ReportsAsync()).Select(one => $"{one.Id} {one.Severity}")];
}
