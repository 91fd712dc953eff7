using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Options;

namespace Reliability.Tests.Documentation;

/// <summary>What the pages and tables say of one rule that the rule itself knows.</summary>
internal sealed record RulePage(DiagnosticDescriptor Rule, string Name, bool HasFix)
{
    private const string Yes = "●";

    public string Id => Rule.Id;

    public string Title => Rule.Title.ToString(null);

    /// <summary>The page's first line; a title goes on in lower case there, unless it begins with a name (StoreOffset).</summary>
    public string Heading => $"# {Id} {Name}: {(Title.Split(' ')[0].Count(char.IsUpper) == 1 ? Title[..1].ToLowerInvariant() : Title[..1])}{Title[1..]}";

    /// <summary>A row of the index of the pages.</summary>
    public string IndexRow => $"| [{Id}]({Id}.md) | {Name} | {Title} | {Clients} | {Fix} | {Severity} |";

    /// <summary>A row of the table of docs/analyzers.md.</summary>
    public string Row => $"| [{Id}](rules/{Id}.md) | {Name} | {Mark(OnRabbitMq6)} | {Mark(OnRabbitMq7)} | {Mark(OnKafka)} | {Fix} | {Severity} | {string.Join(" | ", Presets.All.Select(SeverityIn))} |";

    public static string IndexHead => "| id | name | what it finds | clients | fix | severity |\n| --- | --- | --- | --- | --- | --- |";

    public static string Head => $"| rule | name | RabbitMQ 6 | RabbitMQ 7 | Kafka | fix | default | {string.Join(" | ", Presets.All)} |\n| {string.Join(" | ", Enumerable.Repeat("---", 7 + Presets.All.Count))} |";

    /// <summary>The rows at a page's head.</summary>
    public string Facts => $"| Category | {Rule.Category} |\n| Default severity | {Severity} |\n| Clients | {Packages} |\n";

    private string Packages => (OnRabbitMq6, OnRabbitMq7, OnKafka) switch
    {
        (true, true, true) => "RabbitMQ.Client 6 and 7, Confluent.Kafka 1.9 and 2.x",
        (true, true, false) => "RabbitMQ.Client 6 (`IModel`) and 7 (`IChannel`)",
        (true, false, false) => "RabbitMQ.Client 6 (`IModel`); version 7 has asynchronous consumers only",
        _ => "Confluent.Kafka 1.9 and 2.x",
    };

    /// <summary>The section on options.</summary>
    public string Options
    {
        get
        {
            var options = RuleOptions.All.Where(option => option.Rules.Contains(Id)).ToList();
            return options.Count == 0
                ? "None of its own."
                : string.Join("\n", options.Select(option => $"- `{option.Key}`, {option.Allowed.Replace("*", "\\*", StringComparison.Ordinal)} (default {DefaultOf(option)}): {option.Means}."));
        }
    }

    /// <summary>The section on severities.</summary>
    public string Severities =>
        $"| {string.Join(" | ", Presets.All)} |\n| {string.Join(" | ", Presets.All.Select(_ => "---"))} |\n| {string.Join(" | ", Presets.All.Select(SeverityIn))} |";

    public static string OptionsTable => "| option | allowed | default | what it says | rules |\n| --- | --- | --- | --- | --- |\n" + string.Join("\n", RuleOptions.All.Select(option =>
        $"| `{option.Key}` | {Cell(option.Allowed)} | {Cell(DefaultOf(option))} | {Cell(option.Means)} | {string.Join(", ", option.Rules.Order(StringComparer.Ordinal).Select(id => $"[{id}](rules/{id}.md)"))} |"));

    private bool OnRabbitMq6 => !Rule.Category.StartsWith("Kafka.", StringComparison.Ordinal);

    // What version 7 has done away with: consumers that do not wait for their handlers.
    private bool OnRabbitMq7 => OnRabbitMq6 && Id != "REL1009";

    private bool OnKafka => !Rule.Category.StartsWith("RabbitMQ.", StringComparison.Ordinal);

    private string Clients => (OnRabbitMq6, OnRabbitMq7, OnKafka) switch
    {
        (true, true, true) => "all",
        (true, true, false) => "RabbitMQ 6, 7",
        (true, false, false) => "RabbitMQ 6",
        _ => "Kafka 1.9, 2.x",
    };

    private string Fix => HasFix ? "yes" : "";

    private string Severity => Presets.Word(Rule.DefaultSeverity);

    private string SeverityIn(string preset) => Presets.SeverityIn(preset, Rule) is var severity && severity == "none" ? "off" : severity;

    private static string DefaultOf(RuleOption option) => option.Default.Length == 0 ? "none" : $"`{option.Default}`";

    private static string Mark(bool isThere) => isThere ? Yes : "";

    private static string Cell(string text) => Regex.Replace(text, @"[|*]", static mark => "\\" + mark.Value);
}
