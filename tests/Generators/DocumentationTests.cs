using Microsoft.CodeAnalysis;

namespace Reliability.Generators.Tests;

public sealed class DocumentationTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(GeneratorRun.ProjectMetadata("ProjectDirectory"), "../.."));

    public static TheoryData<string> Ids => [.. HandlerRules.All.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_a_page_with_its_title_an_example_and_a_way_out(string id)
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "rules", id + ".md"));

        Assert.StartsWith($"# {id}: {Rule(id).Title}\n", page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("## Example", page, StringComparison.Ordinal);
        Assert.Contains("## Fix", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_links_to_its_page_and_is_an_error_that_cannot_be_turned_off(string id)
    {
        Assert.Equal($"https://github.com/reliability-dotnet/reliability/blob/main/docs/rules/{id}.md", Rule(id).HelpLinkUri);
        Assert.Equal(DiagnosticSeverity.Error, Rule(id).DefaultSeverity);
        Assert.Contains(WellKnownDiagnosticTags.NotConfigurable, Rule(id).CustomTags);
    }

    [Fact]
    public void Every_rule_is_in_the_release_notes_and_none_else()
    {
        var listed = new[] { "AnalyzerReleases.Shipped.md", "AnalyzerReleases.Unshipped.md" }
            .SelectMany(file => File.ReadLines(Path.Combine(Root, "src", "Generators", file)))
            .Where(line => line.StartsWith("REL", StringComparison.Ordinal))
            .Select(line => line[..7]);

        Assert.Equal(HandlerRules.All.Select(rule => rule.Id), listed);
    }

    private static DiagnosticDescriptor Rule(string id) => HandlerRules.All.Single(rule => rule.Id == id);
}
