using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Runs analyzers and generators over a project, and compares everything reported with everything expected.</summary>
public abstract partial class AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    protected AnalyzerTest() => TestState = NewState();

    protected static TVerifier Verify { get; } = new();

    public abstract string Language { get; }
    protected abstract string DefaultFileExt { get; }
    protected virtual string DefaultFilePathPrefix => "/0/Test";
    protected virtual string DefaultTestProjectName => "TestProject";
    protected virtual string DefaultFilePath => $"{DefaultFilePathPrefix}0.{DefaultFileExt}";

    public string TestCode
    {
        set => TestState.Sources.Add(value);
    }

    public SolutionState TestState { get; }
    public List<DiagnosticResult> ExpectedDiagnostics => TestState.ExpectedDiagnostics;
    public CompilerDiagnostics CompilerDiagnostics { get; set; } = CompilerDiagnostics.Errors;
    public MarkupOptions MarkupOptions { get; set; }
    public TestBehaviors TestBehaviors { get; set; }
    public List<string> DisabledDiagnostics { get; } = [];
    public ReferenceAssemblies ReferenceAssemblies { get; set; } = ReferenceAssemblies.Default;
    public Action<Diagnostic, DiagnosticResult, IVerifier>? DiagnosticVerifier { get; set; }
    public List<Func<Solution, ProjectId, Solution>> SolutionTransforms { get; } = [];

    protected abstract IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers();
    protected virtual IEnumerable<Type> GetSourceGenerators() => [];
    protected abstract CompilationOptions CreateCompilationOptions();
    protected abstract ParseOptions CreateParseOptions();

    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        Verify.LanguageIsSupported(Language);
        await RunImplAsync(cancellationToken).ConfigureAwait(false);
    }

    protected virtual async Task RunImplAsync(CancellationToken cancellationToken)
    {
        if (TestState.GeneratedSources.Count == 0)
            Verify.NotEmpty("TestState.Sources", TestState.Sources);
        var state = TestState.InheritFrom(null, []).ReadMarkup(NewMarkupReader([]));
        await VerifyGeneratedSourcesAsync(state, Verify, cancellationToken).ConfigureAwait(false);
        await VerifyDiagnosticsAsync(state, Verify, cancellationToken).ConfigureAwait(false);
    }

    protected internal virtual DiagnosticDescriptor? GetDefaultDiagnostic(DiagnosticAnalyzer[] analyzers) =>
        MarkupOptions.HasFlag(MarkupOptions.UseFirstDescriptor) ? analyzers.SelectMany(a => a.SupportedDiagnostics).FirstOrDefault()
        : analyzers is [{ SupportedDiagnostics: [var only] }, ..] ? only
        : null;

    private protected SolutionState NewState() => new(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);

    private protected MarkupReader NewMarkupReader(ImmutableArray<string> fixable)
    {
        var analyzers = GetDiagnosticAnalyzers().ToArray();
        var supported = analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).ToImmutableArray();
        return new MarkupReader(MarkupOptions, GetDefaultDiagnostic(analyzers), supported, fixable, DefaultFilePath);
    }

    /// <summary>Expected against reported; then again with every expected id disabled by a pragma, which must silence it.</summary>
    private protected async Task VerifyDiagnosticsAsync(SolutionState state, IVerifier verifier, CancellationToken cancellationToken)
    {
        var project = CreateProject(state);
        var reported = await GetDiagnosticsAsync(project, verifier, cancellationToken).ConfigureAwait(false);
        VerifyReported(reported, [.. state.ExpectedDiagnostics], verifier);

        var ours = GetDiagnosticAnalyzers().SelectMany(a => a.SupportedDiagnostics).ToLookup(d => d.Id);
        bool InSource(DiagnosticResult expected) => expected.HasLocation && state.Sources.Any(s => s.filename == expected.Spans[0].Span.Path);
        var suppressible = state.ExpectedDiagnostics.Where(d => ours.Contains(d.Id) && InSource(d)).ToArray();
        if (suppressible.Length == 0 || TestBehaviors.HasFlag(TestBehaviors.SkipSuppressionCheck))
            return;

        var silenced = suppressible.Select(d => d.Id).ToHashSet();
        var staying = state.ExpectedDiagnostics
            .Where(d => !silenced.Contains(d.Id) || !InSource(d) || ours[d.Id].Any(o => o.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable)))
            .Select(d => InSource(d) ? d.WithLineOffset(1) : d);
        var pragma = $"#pragma warning disable {string.Join(", ", silenced)}\r\n";
        var disabled = project;
        foreach (var (document, source) in project.Documents.Zip(state.Sources))
            disabled = disabled.GetDocument(document.Id)!.WithText(source.content.Replace(new TextSpan(0, 0), pragma)).Project;
        reported = await GetDiagnosticsAsync(disabled, verifier, cancellationToken).ConfigureAwait(false);
        VerifyReported(reported, [.. staying], verifier.PushContext("Verifying exclusions in '#pragma warning disable' code"));
    }

    private protected async Task<ImmutableArray<Diagnostic>> GetDiagnosticsAsync(Project project, IVerifier verifier, CancellationToken cancellationToken)
    {
        var (generated, fromGenerators) = await RunGeneratorsAsync(project, verifier, cancellationToken).ConfigureAwait(false);
        var compilation = (await generated.GetCompilationAsync(cancellationToken).ConfigureAwait(false))!;
        var diagnostics = compilation.GetDiagnostics(cancellationToken).Where(d => IsCompilerDiagnosticIncluded(d, CompilerDiagnostics)).ToList();
        diagnostics.AddRange(fromGenerators);

        var analyzers = GetDiagnosticAnalyzers().ToImmutableArray();
        if (!analyzers.IsEmpty)
        {
            // An analyzer that throws must fail its test: its exception arrives as AD0001, an error (see ApplyCompilationOptions).
            var options = new CompilationWithAnalyzersOptions(generated.AnalyzerOptions, null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
            var result = await compilation.WithAnalyzers(analyzers, options).GetAnalysisResultAsync(cancellationToken).ConfigureAwait(false);
            diagnostics.AddRange(result.GetAllDiagnostics());
            foreach (var diagnostic in result.CompilationDiagnostics.Values.SelectMany(ofAnalyzer => ofAnalyzer))
                _nonLocal.TryAdd(diagnostic, true);
        }

        return [.. diagnostics
            .Where(d => !d.IsSuppressed)
            .OrderBy(d => d.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(d => d.Location.SourceSpan.Start)
            .ThenBy(d => d.Location.SourceSpan.End)
            .ThenBy(d => d.Id, StringComparer.Ordinal)
            .ThenBy(d => d.GetMessage(null), StringComparer.Ordinal)];
    }

    protected virtual bool IsCompilerDiagnosticIncluded(Diagnostic diagnostic, CompilerDiagnostics compilerDiagnostics) => compilerDiagnostics switch
    {
        CompilerDiagnostics.Errors => diagnostic.Severity >= DiagnosticSeverity.Error,
        CompilerDiagnostics.Warnings => diagnostic.Severity >= DiagnosticSeverity.Warning,
        CompilerDiagnostics.Suggestions => diagnostic.Severity >= DiagnosticSeverity.Info,
        CompilerDiagnostics.All => true,
        _ => false,
    };

    // Diagnostics that came at the compilation's end: editors never show them, so no fix may start from one.
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Diagnostic, bool> _nonLocal = new(ReferenceEqualityComparer.Instance);

    private protected bool IsNonLocal(Diagnostic diagnostic) => _nonLocal.ContainsKey(diagnostic);

    private protected Project CreateProject(SolutionState state)
    {
        (state.ReferenceAssemblies ?? ReferenceAssemblies).EnsureNothingToResolve();
        var id = ProjectId.CreateNewId(state.Name);
        var options = CreateCompilationOptions().WithOutputKind(state.OutputKind ?? OutputKind.DynamicallyLinkedLibrary);
        var parseOptions = CreateParseOptions().WithDocumentationMode(state.DocumentationMode ?? DocumentationMode.Diagnose);
        var info = ProjectInfo.Create(id, VersionStamp.Default, state.Name, state.AssemblyName, state.Language,
            compilationOptions: options, parseOptions: parseOptions, metadataReferences: state.AdditionalReferences);

        var solution = new AdhocWorkspace().CurrentSolution.AddProject(info);
        foreach (var (path, text) in state.Sources)
            solution = solution.AddDocument(DocumentId.CreateNewId(id, path), Name(path), text, Folders(path), path);
        foreach (var (path, text) in state.AdditionalFiles)
            solution = solution.AddAdditionalDocument(DocumentId.CreateNewId(id, path), Name(path), text, Folders(path), path);
        foreach (var (path, text) in state.AnalyzerConfigFiles)
            solution = solution.AddAnalyzerConfigDocument(DocumentId.CreateNewId(id, path), Name(path), text, Folders(path), path);
        foreach (var transform in SolutionTransforms)
            solution = transform(solution, id);
        return ApplyCompilationOptions(solution.GetProject(id)!);
    }

    protected virtual Project ApplyCompilationOptions(Project project)
    {
        var specific = ImmutableDictionary.CreateBuilder<string, ReportDiagnostic>();
        foreach (var descriptor in GetDiagnosticAnalyzers().SelectMany(analyzer => analyzer.SupportedDiagnostics))
        {
            // What is off by default is on in its tests.
            specific[descriptor.Id] = descriptor.IsEnabledByDefault ? ReportDiagnostic.Default : descriptor.DefaultSeverity switch
            {
                DiagnosticSeverity.Error => ReportDiagnostic.Error,
                DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
                DiagnosticSeverity.Info => ReportDiagnostic.Info,
                _ => ReportDiagnostic.Hidden,
            };
        }

        specific["AD0001"] = ReportDiagnostic.Error;
        foreach (var id in DisabledDiagnostics)
            specific[id] = ReportDiagnostic.Suppress;
        var options = project.CompilationOptions!;
        return project.WithCompilationOptions(
            options.WithSpecificDiagnosticOptions(specific.ToImmutable().SetItems(options.SpecificDiagnosticOptions)));
    }

    private static string Name(string path) => Path.GetFileName(path);

    /// <summary>The folders of a file below the default root, <c>/0/</c>.</summary>
    private string[] Folders(string path)
    {
        var root = Path.GetDirectoryName(DefaultFilePathPrefix)! + "/";
        var folder = Path.GetDirectoryName(path)?.Replace('\\', '/') + "/";
        return folder.StartsWith(root, StringComparison.Ordinal)
            ? folder[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries)
            : [];
    }
}
