using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Options;

/// <summary>
/// REL0001: an option that does not say what its writer means. Reported where it stands, in the files of options that the package's targets hand to the compiler;
/// a value that comes from elsewhere (another host, a file of another name) is reported without a place.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class WrongOption : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.WrongOption,
        Rules.Configuration,
        "An option of these rules cannot be read",
        "{0}",
        "A key or a value of .editorconfig or .globalconfig that cannot be read changes nothing: the option's default holds, and the rules report other things than the project has decided.");

    /// <summary>Creates the rule.</summary>
    public WrongOption()
        : base(Rule)
    {
    }

    private protected override void Watch(CompilationStartAnalysisContext context, CompilationFlow flow)
    {
        context.RegisterAdditionalFileAction(static file =>
        {
            if (!OptionFile.Is(file.AdditionalFile) || file.AdditionalFile.GetText(file.CancellationToken) is not { } text)
                return;

            foreach (var line in OptionFile.Read(text))
            {
                if (Option(line.Key) is not { } option)
                    file.ReportDiagnostic(Report(Place(line.KeySpan), $"There is no option '{line.Key}'; there are {string.Join(", ", RuleOptions.All.Select(static one => one.Key))}"));
                else if (!option.Accepts(line.Value))
                    file.ReportDiagnostic(Report(Place(line.ValueSpan), Says(option, line.Value)));
            }

            Location Place(TextSpan span) => Location.Create(file.AdditionalFile.Path, span, text.Lines.GetLinePositionSpan(span));
        });
        var reported = new ConcurrentDictionary<(string Key, string Value), bool>();
        context.RegisterSyntaxTreeAction(tree =>
        {
            var options = tree.Options.AnalyzerConfigOptionsProvider.GetOptions(tree.Tree);
            foreach (var option in RuleOptions.All)
            {
                if (options.TryGetValue(option.Key, out var value) && !option.Accepts(value) && !HasPlace(option.Key, value, tree.Options, tree.CancellationToken) && reported.TryAdd((option.Key, value), true))
                    tree.ReportDiagnostic(Report(Location.None, Says(option, value)));
            }
        });
    }

    /// <summary>Whether a value stands in a file of options that is in view.</summary>
    private static bool HasPlace(string key, string value, AnalyzerOptions options, CancellationToken cancellation) => options.AdditionalFiles.Any(file =>
        OptionFile.Is(file) && file.GetText(cancellation) is { } text && OptionFile.Read(text).Any(line => line.Key == key && line.Value == value));

    private static RuleOption? Option(string key) => RuleOptions.All.FirstOrDefault(option => option.Key == key);

    private static string Says(RuleOption option, string value) => $"'{value}' is no value of '{option.Key}': allowed is {option.Allowed}. Until then '{option.Default}' holds";

    private static Diagnostic Report(Location place, string says) => Diagnostic.Create(Rule, place, says);
}
