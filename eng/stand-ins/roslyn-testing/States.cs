using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public class ProjectState(string name, string language, string defaultPrefix, string defaultExtension)
{
    public string Name { get; } = name;
    public string AssemblyName => Name;
    public string Language { get; } = language;
    public ReferenceAssemblies? ReferenceAssemblies { get; set; }
    public OutputKind? OutputKind { get; set; }
    public DocumentationMode? DocumentationMode { get; set; }
    public SourceFileList Sources { get; } = new(defaultPrefix, defaultExtension);
    public SourceFileCollection GeneratedSources { get; } = [];
    public SourceFileCollection AdditionalFiles { get; } = [];
    public SourceFileCollection AnalyzerConfigFiles { get; } = [];
    public MetadataReferenceCollection AdditionalReferences { get; } = [];

    internal string DefaultPrefix { get; } = defaultPrefix;
    internal string DefaultExtension { get; } = defaultExtension;

    internal IEnumerable<SourceFileCollection> Files => [Sources, GeneratedSources, AdditionalFiles, AnalyzerConfigFiles];
}

/// <summary>What a test starts from or must arrive at. A fixed state inherits from the state before it what it does not say.</summary>
public class SolutionState(string name, string language, string defaultPrefix, string defaultExtension)
    : ProjectState(name, language, defaultPrefix, defaultExtension)
{
    public StateInheritanceMode? InheritanceMode { get; set; }
    public MarkupMode? MarkupHandling { get; set; }
    public List<DiagnosticResult> ExpectedDiagnostics { get; } = [];

    internal bool SaysAnything => InheritanceMode is not null || MarkupHandling is not null || Files.Any(files => files.Count > 0);

    internal bool DiffersFrom(ProjectState other) => Files.Zip(other.Files).Any(pair => !SameFiles(pair.First, pair.Second));

    internal SolutionState InheritFrom(SolutionState? before, ImmutableArray<string> fixable)
    {
        var changed = before is not null && Files.Zip(before.Files).Any(pair =>
            (InheritanceMode == StateInheritanceMode.Explicit || pair.First.Count > 0) && !SameFiles(pair.First, pair.Second));
        var mode = InheritanceMode ?? (before is null ? StateInheritanceMode.Explicit
            : changed ? StateInheritanceMode.AutoInherit : StateInheritanceMode.AutoInheritAll);
        var result = Like(this);
        result.InheritanceMode = StateInheritanceMode.Explicit;
        result.MarkupHandling = MarkupHandling ?? (before is null ? MarkupMode.Allow
            : changed ? MarkupMode.IgnoreFixable : before.MarkupHandling ?? MarkupMode.Allow);

        var inherited = mode == StateInheritanceMode.Explicit ? null : before;
        result.ReferenceAssemblies ??= inherited?.ReferenceAssemblies;
        result.OutputKind ??= inherited?.OutputKind;
        result.DocumentationMode ??= inherited?.DocumentationMode;
        foreach (var ((mine, theirs), target) in Files.Zip(inherited?.Files ?? Files).Zip(result.Files))
            target.AddRange(mine.Count > 0 ? mine : theirs);
        result.AdditionalReferences.AddRange(
            AdditionalReferences.Count > 0 || inherited is null ? AdditionalReferences : inherited.AdditionalReferences);
        result.ExpectedDiagnostics.AddRange(ExpectedDiagnostics.Count > 0 || inherited is null
            ? ExpectedDiagnostics
            : inherited.ExpectedDiagnostics.Where(d => mode == StateInheritanceMode.AutoInheritAll || !fixable.Contains(d.Id)));
        return result;
    }

    /// <summary>Takes the marks out of every file, and turns them into expected diagnostics and places.</summary>
    internal SolutionState ReadMarkup(MarkupReader reader)
    {
        var result = Like(this);
        result.InheritanceMode = StateInheritanceMode.Explicit;
        result.MarkupHandling = MarkupMode.None;
        result.AdditionalReferences.AddRange(AdditionalReferences);
        var expected = ExpectedDiagnostics.ToList();
        var places = new Dictionary<string, FileLinePositionSpan>();
        foreach (var (files, target) in Files.Zip(result.Files))
        {
            foreach (var file in files)
                target.Add(MarkupHandling == MarkupMode.None ? file : reader.Read(file, MarkupHandling!.Value, expected, places));
        }

        result.ExpectedDiagnostics.AddRange(expected.Select(d => d.WithDefaultPath(reader.DefaultPath).WithMarkupLocations(places)));
        return result;
    }

    private static SolutionState Like(SolutionState state) => new(state.Name, state.Language, state.DefaultPrefix, state.DefaultExtension)
    {
        ReferenceAssemblies = state.ReferenceAssemblies,
        OutputKind = state.OutputKind,
        DocumentationMode = state.DocumentationMode,
    };

    private static bool SameFiles(SourceFileCollection x, SourceFileCollection y) => x.Count == y.Count && x.Zip(y).All(pair =>
        pair.First.filename == pair.Second.filename
        && Equals(pair.First.content.Encoding, pair.Second.content.Encoding)
        && pair.First.content.ContentEquals(pair.Second.content));
}

/// <summary>What a mark in a source means: which rule stands behind <c>[|…|]</c>, which names are places only.</summary>
internal sealed record MarkupReader(
    MarkupOptions Options, DiagnosticDescriptor? Default, ImmutableArray<DiagnosticDescriptor> Supported, ImmutableArray<string> Fixable, string DefaultPath)
{
    public (string, SourceText) Read(
        (string filename, SourceText content) file, MarkupMode mode, List<DiagnosticResult> expected, Dictionary<string, FileLinePositionSpan> places)
    {
        var markup = Markup.Parse(file.content.ToString(), Options.HasFlag(MarkupOptions.TreatPositionIndicatorsAsCode));
        var text = SourceText.From(markup.Text, file.content.Encoding, file.content.ChecksumAlgorithm);
        if (mode == MarkupMode.Ignore)
            return (file.filename, text);

        foreach (var position in markup.Positions)
        {
            if (Expectation("", mode) is { } diagnostic)
                expected.Add(diagnostic.WithLocation(file.filename, text.Lines.GetLinePosition(position)));
        }

        foreach (var (name, span) in markup.Spans)
        {
            var place = new FileLinePositionSpan(file.filename, text.Lines.GetLinePositionSpan(span));
            if (name.StartsWith('#'))
            {
                if (!places.TryAdd(name, place))
                    throw new InvalidOperationException($"Input contains multiple markup locations with key '{name}'");
            }
            else if (Expectation(name, mode) is { } diagnostic)
            {
                expected.Add(diagnostic.WithSpan(place));
            }
        }

        return (file.filename, text);
    }

    private DiagnosticResult? Expectation(string id, MarkupMode mode)
    {
        var descriptors = id.Length == 0 ? [Default ?? throw new InvalidOperationException(
            "Markup can only omit the diagnostic ID if the first analyzer supports a single diagnostic, or with MarkupOptions.UseFirstDescriptor.")]
            : Supported.Where(d => d.Id == id).ToArray();
        if (descriptors.Length > 1 && !Options.HasFlag(MarkupOptions.UseFirstDescriptor))
            throw new InvalidOperationException($"Multiple diagnostic descriptors with ID {id} were found: specify MarkupOptions.UseFirstDescriptor.");
        // An id that no analyzer supports is the compiler's.
        var result = descriptors.Length > 0 ? new DiagnosticResult(descriptors[0]) : new DiagnosticResult(id, DiagnosticSeverity.Error);
        return mode == MarkupMode.IgnoreFixable && Fixable.Contains(result.Id)
            ? null
            : result.WithMessage(null).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations | DiagnosticOptions.IgnoreSeverity);
    }
}
