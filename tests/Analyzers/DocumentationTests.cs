using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests;

/// <summary>Every rule can be looked up: its page, its rows in the tables, its release note, its link.</summary>
public sealed class DocumentationTests
{
    private static readonly string Root = typeof(DocumentationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryRoot").Value!;

    private static readonly DiagnosticDescriptor[] Rules =
    [
        .. typeof(MessagingAnalyzer).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics)
            .OrderBy(rule => rule.Id, StringComparer.Ordinal),
    ];

    public static TheoryData<string> Ids => [.. Rules.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_a_page_that_says_what_is_lost_how_to_mend_it_and_how_to_configure_it(string id)
    {
        var page = Read("docs", "rules", $"{id}.md");

        Assert.StartsWith($"# {id} ", page, StringComparison.Ordinal);
        foreach (var section in new[] { "What is lost, and when", "Example", "Fix", "When it may be wrong", "Options", "Severity by preset", "Configure or suppress" })
        {
            Assert.Contains($"## {section}\n", page, StringComparison.Ordinal);
        }

        Assert.Contains($"dotnet_diagnostic.{id}.severity", page, StringComparison.Ordinal);
        Assert.Equal($"https://github.com/reliability-dotnet/reliability/blob/main/docs/rules/{id}.md", Rules.Single(rule => rule.Id == id).HelpLinkUri);
    }

    [Theory]
    [InlineData("README.md", "| [{0}](docs/rules/{0}.md) ")]
    [InlineData("docs/rules/README.md", "| [{0}]({0}.md) ")]
    public void Every_rule_has_its_row_in_the_tables(string file, string row)
    {
        var text = Read(file);

        // What the README shows are the rules about clients.
        Assert.All(Rules.Where(rule => rule.Id != "REL0001"), rule => Assert.Contains(string.Format(null, row, rule.Id), text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_release_notes_name_every_rule_and_none_else()
    {
        var listed = new[] { "Shipped", "Unshipped" }
            .SelectMany(state => Read("src", "Analyzers", $"AnalyzerReleases.{state}.md").Split('\n'))
            .Where(line => line.StartsWith("REL", StringComparison.Ordinal))
            .Select(line => line[..7])
            .Order(StringComparer.Ordinal);

        Assert.Equal(Rules.Select(rule => rule.Id), listed);
    }

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path])).ReplaceLineEndings("\n");
}
