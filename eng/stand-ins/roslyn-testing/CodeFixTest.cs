using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// Applies the fixes one after another, and by fix-all in the document, the project and the solution, until nothing changes any more;
/// compares the outcome with the fixed state, and verifies the diagnostics that are left there.
/// </summary>
public abstract class CodeFixTest<TVerifier> : AnalyzerTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    protected CodeFixTest()
    {
        FixedState = NewState();
        BatchFixedState = NewState();
    }

    public string FixedCode
    {
        set => FixedState.Sources.Add(value);
    }

    public string BatchFixedCode
    {
        set => BatchFixedState.Sources.Add(value);
    }

    public SolutionState FixedState { get; }
    public SolutionState BatchFixedState { get; }
    public int? CodeActionIndex { get; set; }
    public string? CodeActionEquivalenceKey { get; set; }
    public Action<CodeAction, IVerifier>? CodeActionVerifier { get; set; }
    public CodeActionValidationMode CodeActionValidationMode { get; set; } = CodeActionValidationMode.SemanticStructure;
    public CodeFixTestBehaviors CodeFixTestBehaviors { get; set; }

    // A count says exactly how many rounds of fixing change something; unset means at most one per fixable diagnostic, or per scope.
    public int? NumberOfIncrementalIterations { get; set; }
    public int? NumberOfFixAllIterations { get; set; }
    public int? NumberOfFixAllInDocumentIterations { get; set; }
    public int? NumberOfFixAllInProjectIterations { get; set; }

    public abstract Type SyntaxKindType { get; }

    protected abstract IEnumerable<CodeFixProvider> GetCodeFixProviders();

    protected override bool IsCompilerDiagnosticIncluded(Diagnostic diagnostic, CompilerDiagnostics compilerDiagnostics) =>
        base.IsCompilerDiagnosticIncluded(diagnostic, compilerDiagnostics) || IsFixable(diagnostic);

    protected virtual Diagnostic? TrySelectDiagnosticToFix(ImmutableArray<Diagnostic> fixableDiagnostics) => fixableDiagnostics.FirstOrDefault();

    protected override async Task RunImplAsync(CancellationToken cancellationToken)
    {
        Verify.NotEmpty("TestState.Sources", TestState.Sources);
        var fixable = GetCodeFixProviders().SelectMany(provider => provider.FixableDiagnosticIds).ToImmutableArray();
        var reader = NewMarkupReader(fixable);
        var rawTest = TestState.InheritFrom(null, fixable);
        var rawFixed = FixedState.InheritFrom(rawTest, fixable);
        var rawBatch = BatchFixedState.InheritFrom(rawFixed, fixable);
        var (test, fix, batch) = (rawTest.ReadMarkup(reader), rawFixed.ReadMarkup(reader), rawBatch.ReadMarkup(reader));

        await VerifyGeneratedSourcesAsync(test, Verify.PushContext("Generated sources of test state"), cancellationToken).ConfigureAwait(false);
        await VerifyDiagnosticsAsync(test, Verify.PushContext("Diagnostics of test state"), cancellationToken).ConfigureAwait(false);
        if (!FixedState.SaysAnything && !BatchFixedState.SaysAnything)
            return;

        await VerifyFixesAsync(test, fix, batch, cancellationToken).ConfigureAwait(false);
        await VerifyDiagnosticsAsync(fix, Verify.PushContext("Diagnostics of fixed state"), cancellationToken).ConfigureAwait(false);
        if (BatchFixedState.SaysAnything && !CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.SkipFixAllCheck))
            await VerifyDiagnosticsAsync(batch, Verify.PushContext("Diagnostics of batch fixed state"), cancellationToken).ConfigureAwait(false);
    }

    private async Task VerifyFixesAsync(SolutionState test, SolutionState fix, SolutionState batch, CancellationToken cancellationToken)
    {
        var fixableIds = GetCodeFixProviders().SelectMany(provider => provider.FixableDiagnosticIds).ToHashSet();
        var fixable = test.ExpectedDiagnostics.Where(diagnostic => fixableIds.Contains(diagnostic.Id)).ToArray();
        var documents = fixable.Select(diagnostic => diagnostic.HasLocation ? diagnostic.Spans[0].Span.Path : "").Distinct().Count();
        var batchChanges = batch.DiffersFrom(test);

        var single = Rounds.Of(NumberOfIncrementalIterations, fix.DiffersFrom(test) ? fixable.Length : 0);
        await VerifyFixAsync(test, fix, single, null, "Iterative code fix application", cancellationToken).ConfigureAwait(false);
        if (GetCodeFixProviders().All(provider => provider.GetFixAllProvider() is null))
            return;

        var scopes = new (CodeFixTestBehaviors Skip, FixAllScope Scope, int? Exactly, int Most)[]
        {
            (CodeFixTestBehaviors.SkipFixAllInDocumentCheck, FixAllScope.Document, NumberOfFixAllInDocumentIterations, documents),
            (CodeFixTestBehaviors.SkipFixAllInProjectCheck, FixAllScope.Project, NumberOfFixAllInProjectIterations, 1),
            (CodeFixTestBehaviors.SkipFixAllInSolutionCheck, FixAllScope.Solution, null, 1),
        };
        foreach (var (skip, scope, exactly, most) in scopes)
        {
            if (CodeFixTestBehaviors.HasFlag(skip))
                continue;
            var rounds = Rounds.Of(exactly ?? NumberOfFixAllIterations, batchChanges ? most : 0);
            var context = $"Fix all in {scope.ToString().ToLowerInvariant()}";
            await VerifyFixAsync(test, batch, rounds, scope, context, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task VerifyFixAsync(
        SolutionState before, SolutionState after, Rounds rounds, FixAllScope? scope, string context, CancellationToken cancellationToken)
    {
        var verifier = Verify.PushContext(context);
        var project = CreateProject(before);
        var previous = ImmutableArray<Diagnostic>.Empty;
        var failures = new List<string>();
        for (var round = 0; ; round++)
        {
            var diagnostics = await GetDiagnosticsAsync(project, verifier, cancellationToken).ConfigureAwait(false);
            if (diagnostics.IsEmpty || Same(diagnostics, previous))
                break;
            previous = diagnostics;
            var choice = (CodeActionIndex, CodeActionEquivalenceKey, CodeActionVerifier);
            var fixer = new FixRound(
                FixersOf, choice, project, Fixable(project, diagnostics, verifier), diagnostics, round, verifier, cancellationToken);
            var (changed, offered) = scope is { } all ? await fixer.ApplyAllAsync(all).ConfigureAwait(false) : await fixer.ApplyOneAsync().ConfigureAwait(false);
            if (!offered || !rounds.Count() || changed == project)
                break;
            project = await RecompileAsync(changed, failures, cancellationToken).ConfigureAwait(false);
            if (CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne))
                break;
        }

        await VerifyGeneratedSourcesAsync(after, verifier.PushContext("Generated sources of fixed state"), cancellationToken).ConfigureAwait(false);
        await VerifyContentAsync(after, project, verifier, cancellationToken).ConfigureAwait(false);
        rounds.Verify(verifier);
        verifier.True(failures.Count == 0, failures.FirstOrDefault());
    }

    private ImmutableArray<Diagnostic> Fixable(Project project, ImmutableArray<Diagnostic> diagnostics, IVerifier verifier)
    {
        var fixable = diagnostics
            .Where(diagnostic => IsFixable(diagnostic) && project.Solution.GetDocument(diagnostic.Location.SourceTree) is not null)
            .ToImmutableArray();
        if (!CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.SkipLocalDiagnosticCheck))
            verifier.False(fixable.Any(IsNonLocal), "Code fix is attempting to provide a fix for a non-local analyzer diagnostic");
        if (!CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne))
            return fixable;
        return TrySelectDiagnosticToFix(fixable) is { } one ? [one] : [];
    }

    private bool IsFixable(Diagnostic diagnostic) => GetCodeFixProviders().Any(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id));

    private IEnumerable<CodeFixProvider> FixersOf(Diagnostic diagnostic) =>
        GetCodeFixProviders().Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id));

    private static bool Same(ImmutableArray<Diagnostic> x, ImmutableArray<Diagnostic> y) => x.Length == y.Length
        && x.Zip(y).All(pair => pair.First.Id == pair.Second.Id && pair.First.Location.SourceSpan == pair.Second.Location.SourceSpan);

    /// <summary>Reads every document again from its text: a tree that a fix built must be the one that the compiler would build.</summary>
    private async Task<Project> RecompileAsync(Project project, List<string> failures, CancellationToken cancellationToken)
    {
        foreach (var id in project.DocumentIds)
        {
            var document = project.GetDocument(id)!;
            var made = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
            var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
            document = document.WithText(SourceText.From(text.ToString(), text.Encoding, text.ChecksumAlgorithm));
            var read = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
            if (CodeActionValidationMode != CodeActionValidationMode.None
                && TreeComparison.Difference(read, made, CodeActionValidationMode == CodeActionValidationMode.Full) is { } difference)
            {
                failures.Add($"The tree that the fix made of '{document.Name}' is not the one that its text parses to: {difference}");
            }

            project = document.Project;
        }

        return project;
    }

    private static async Task VerifyContentAsync(SolutionState expected, Project project, IVerifier verifier, CancellationToken cancellationToken)
    {
        var kinds = new (SourceFileCollection Expected, IEnumerable<TextDocument> Actual, string Name)[]
        {
            (expected.Sources, project.Documents, "Sources"),
            (expected.AdditionalFiles, project.AdditionalDocuments, "AdditionalFiles"),
            (expected.AnalyzerConfigFiles, project.AnalyzerConfigDocuments, "AnalyzerConfigFiles"),
        };
        foreach (var (files, documents, name) in kinds)
        {
            var actual = documents.ToArray();
            verifier.Equal(files.Count, actual.Length, $"expected '{files.Count}' documents in {name} but found '{actual.Length}'");
            foreach (var ((path, content), document) in files.Zip(actual))
            {
                VerifyText(path, content, await document.GetTextAsync(cancellationToken).ConfigureAwait(false), verifier);
                verifier.Equal(Path.GetFileName(path), document.Name);
            }
        }
    }
}
