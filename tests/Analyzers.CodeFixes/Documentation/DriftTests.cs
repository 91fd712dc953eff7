using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers;
using Reliability.Analyzers.CodeFixes;

namespace Reliability.Tests.Documentation;

/// <summary>
/// What the documents say of the rules is what the rules, their fixes, the presets and the options say. Set RELIABILITY_UPDATE_SNAPSHOTS=1 to write it anew;
/// the rest of each page is written by hand.
/// </summary>
public sealed class DriftTests
{
    private static readonly string Root = typeof(DriftTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryRoot").Value!;

    private static readonly HashSet<string> Mended =
    [
        .. typeof(MessagingFix).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(CodeFixProvider)))
            .SelectMany(type => ((CodeFixProvider)Activator.CreateInstance(type)!).FixableDiagnosticIds),
    ];

    private static readonly RulePage[] Pages =
    [
        .. from type in typeof(MessagingAnalyzer).Assembly.GetTypes()
           where !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer))
           from rule in ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics
           orderby rule.Id
           select new RulePage(rule, type.Name, Mended.Contains(rule.Id)),
    ];

    public static TheoryData<string> Ids => [.. Pages.Select(page => page.Id)];

    [Fact]
    public void The_index_of_the_pages_is_that_of_the_rules() =>
        Holds("docs/rules/README.md", text => WithTable(text, RulePage.IndexHead, Pages.Select(page => page.IndexRow)));

    [Fact]
    public void The_table_of_rules_is_that_of_the_rules_and_their_fixes() =>
        Holds("docs/analyzers.md", text => WithTable(text, RulePage.Head, Pages.Select(page => page.Row)));

    [Fact]
    public void The_table_of_options_is_that_of_the_options() => Holds("docs/analyzers.md", text =>
    {
        var lines = RulePage.OptionsTable.Split('\n');
        return WithTable(text, string.Join("\n", lines[..2]), lines[2..]);
    });

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_page_says_the_rules_name_options_and_severities(string id)
    {
        var page = Pages.Single(one => one.Id == id);
        Holds($"docs/rules/{id}.md", text =>
        {
            text = Regex.Replace(text, @"\A# [^\n]*", page.Heading.Replace("$", "$$", StringComparison.Ordinal));
            text = Regex.Replace(text, @"(?<=^\| --- \| --- \|\n)(\| [A-Z][^\n]*\n)+", page.Facts, RegexOptions.Multiline);
            text = WithSection(text, "Options", page.Options);
            return WithSection(text, "Severity by preset", page.Severities);
        });
    }

    [Fact]
    public void A_page_says_whether_there_is_a_fix() => Assert.All(Pages, page =>
    {
        var fix = Section(Read($"docs/rules/{page.Id}.md"), "Fix");
        Assert.Equal((page.Id, page.HasFix), (page.Id, !fix.Contains("There is no code fix", StringComparison.Ordinal)));
        Assert.Equal((page.Id, page.HasFix), (page.Id, fix.Contains("The code fix ", StringComparison.Ordinal)));
    });

    /// <summary>Fails where a document is not what it would be if it were written now.</summary>
    private static void Holds(string path, Func<string, string> write)
    {
        var (text, wanted) = (Read(path), write(Read(path)));
        if (Environment.GetEnvironmentVariable("RELIABILITY_UPDATE_SNAPSHOTS") == "1" && text != wanted)
        {
            File.WriteAllText(Path.Combine(Root, path), wanted);
            text = wanted;
        }

        Assert.Equal(wanted, text);
    }

    /// <summary>A table is known by the names of its first two columns, and goes on until the first line that is no row of it.</summary>
    private static string WithTable(string text, string head, IEnumerable<string> rows)
    {
        var name = Regex.Escape(head[..head.IndexOf('|', head.IndexOf('|', 1) + 1)]);
        var table = new Regex($@"^{name}\|[^\n]*\n(\|[^\n]*\n)*", RegexOptions.Multiline);
        Assert.Single(table.Matches(text));
        return table.Replace(text, _ => $"{head}\n{string.Join("\n", rows)}\n");
    }

    /// <summary>Puts a section in place; a new one stands before the last, which says how to configure a rule.</summary>
    private static string WithSection(string text, string title, string body)
    {
        var section = $"## {title}\n\n{body}\n\n";
        var old = new Regex($@"^## {Regex.Escape(title)}\n.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline);
        return old.IsMatch(text) ? old.Replace(text, _ => section) : text.Replace("## Configure or suppress\n", section + "## Configure or suppress\n", StringComparison.Ordinal);
    }

    private static string Section(string text, string title) =>
        Regex.Match(text, $@"^## {Regex.Escape(title)}\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Groups[1].Value;

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");
}
