using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers;
using Set = Reliability.Analyzers.Options.Presets;

namespace Reliability.Presets;

/// <summary>The files that the package's targets hand to the compiler, one for each preset.</summary>
internal static class PresetFiles
{
    // Below what a user writes, whose level is 0 or 100, and above what the SDK brings for its own rules.
    private const int Level = -99;

    /// <summary>Every rule, by its id.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> Rules { get; } =
    [
        .. typeof(MessagingAnalyzer).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .SelectMany(type => ((DiagnosticAnalyzer)Activator.CreateInstance(type)!).SupportedDiagnostics)
            .OrderBy(rule => rule.Id, StringComparer.Ordinal),
    ];

    /// <summary>The name and the text of each file.</summary>
    public static IEnumerable<(string Name, string Text)> All() => Set.All.Select(preset => (NameOf(preset), TextOf(preset)));

    public static string NameOf(string preset) => $"{preset}.globalconfig";

    /// <summary>
    /// Says only what differs from the rules' own severities: a rule that is named here no longer follows what a user says about a whole category
    /// (<c>dotnet_analyzer_diagnostic.category-RabbitMQ.Publishing.severity</c>).
    /// </summary>
    public static string TextOf(string preset)
    {
        var text = new StringBuilder();
        text.Append($"# {Set.Property} = {preset}. Written from the rules when the package is made.\n");
        text.Append($"is_global = true\nglobal_level = {Level}\n");
        foreach (var rule in Rules)
        {
            var severity = Set.SeverityIn(preset, rule);
            if (severity != Set.Word(rule.DefaultSeverity))
                text.Append($"\n# {rule.Title}\ndotnet_diagnostic.{rule.Id}.severity = {severity}\n");
        }

        return text.ToString();
    }
}
