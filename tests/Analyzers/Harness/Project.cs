using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Reliability.Tests;

/// <summary>A project as a build sees it: files, configuration, references; every rule runs over it, and what it reports is what a build would print.</summary>
internal sealed class Project
{
    public static readonly ImmutableArray<DiagnosticAnalyzer> AllRules =
    [
        .. typeof(MessagingAnalyzer).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(DiagnosticAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private readonly List<(string Path, string Text)> _sources = [];
    private readonly List<(string Path, string Text)> _configurations = [];
    private readonly List<(string Path, string Text)> _others = [];
    private readonly Client _client;

    public Project(Client client, string source)
    {
        _client = client;
        _sources.Add(("/0/Code.cs", source));
    }

    public OutputKind Kind { get; init; } = OutputKind.DynamicallyLinkedLibrary;

    public ReportDiagnostic General { get; init; } = ReportDiagnostic.Default;

    public ImmutableArray<MetadataReference> References { get; init; } = [];

    public ImmutableArray<DiagnosticAnalyzer> Rules { get; init; } = AllRules;

    public Project With(string path, string source)
    {
        _sources.Add((path, source));
        return this;
    }

    /// <summary>An <c>.editorconfig</c> at the root, or a global configuration where the path says so.</summary>
    public Project Configured(string text, string path = "/0/.editorconfig")
    {
        _configurations.Add((path, text));
        return this;
    }

    public Project WithAdditional(string path, string text)
    {
        _others.Add((path, text));
        return this;
    }

    public async Task<ImmutableArray<Diagnostic>> ReportsAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var id = ProjectId.CreateNewId();
        var options = new CSharpCompilationOptions(Kind, generalDiagnosticOption: General);
        var references = References.IsEmpty ? ClientReferences.For(_client) : References;
        using var workspace = new AdhocWorkspace();
        var solution = workspace.CurrentSolution.AddProject(
            ProjectInfo.Create(id, VersionStamp.Default, "Code", "Code", LanguageNames.CSharp, compilationOptions: options, metadataReferences: references));
        foreach (var (path, text) in _sources)
            solution = solution.AddDocument(DocumentId.CreateNewId(id), Path.GetFileName(path), SourceText.From(text), filePath: path);
        foreach (var (path, text) in _configurations)
            solution = solution.AddAnalyzerConfigDocument(DocumentId.CreateNewId(id), Path.GetFileName(path), SourceText.From(text), filePath: path);
        foreach (var (path, text) in _others)
            solution = solution.AddAdditionalDocument(DocumentId.CreateNewId(id), Path.GetFileName(path), SourceText.From(text), filePath: path);

        var project = solution.GetProject(id)!;
        var compilation = (await project.GetCompilationAsync(token))!;
        Assert.Empty(compilation.GetDiagnostics(token).Where(one => one.DefaultSeverity == DiagnosticSeverity.Error));
        var reported = await compilation.WithAnalyzers(Rules, project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync(token);
        Assert.DoesNotContain("AD0001", reported.Select(one => one.Id));
        return [.. reported.Where(one => !one.IsSuppressed).OrderBy(one => one.Id, StringComparer.Ordinal)];
    }

    public async Task<string[]> IdsAsync() => [.. (await ReportsAsync()).Select(one => one.Id)];

    /// <summary>Whether a rule is reported.</summary>
    public async Task<bool> SaysAsync(string id) => (await IdsAsync()).Contains(id);
}
