using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public abstract partial class AnalyzerTest<TVerifier>
{
    /// <summary>Every generated file must be expected, by path, text, encoding and checksum; every expected one generated.</summary>
    private protected async Task VerifyGeneratedSourcesAsync(SolutionState state, IVerifier verifier, CancellationToken cancellationToken)
    {
        if (!GetSourceGenerators().Any() || TestBehaviors.HasFlag(TestBehaviors.SkipGeneratedSourcesCheck))
            return;
        verifier = verifier.PushContext("Verifying source generated files");
        var project = CreateProject(state);
        var (withGenerated, _) = await RunGeneratorsAsync(project, verifier, cancellationToken).ConfigureAwait(false);
        var generated = new Dictionary<string, SourceText>();
        foreach (var document in withGenerated.Documents.Where(document => project.GetDocument(document.Id) is null))
            generated.Add(document.FilePath!, await document.GetTextAsync(cancellationToken).ConfigureAwait(false));

        verifier.EqualOrDiff(
            string.Join('\n', state.GeneratedSources.Select(file => file.filename).Order(StringComparer.Ordinal)),
            string.Join('\n', generated.Keys.Order(StringComparer.Ordinal)),
            "Expected source file list to match");
        foreach (var (path, expected) in state.GeneratedSources)
            VerifyText(path, expected, generated[path], verifier);
    }

    private protected static void VerifyText(string path, SourceText expected, SourceText actual, IVerifier verifier)
    {
        verifier.EqualOrDiff(expected.ToString(), actual.ToString(), $"content of '{path}' did not match. Diff shown with expected as baseline:");
        verifier.Equal(expected.Encoding, actual.Encoding,
            $"encoding of '{path}' was expected to be '{expected.Encoding?.WebName}' but was '{actual.Encoding?.WebName}'");
        verifier.Equal(expected.ChecksumAlgorithm, actual.ChecksumAlgorithm,
            $"checksum algorithm of '{path}' was expected to be '{expected.ChecksumAlgorithm}' but was '{actual.ChecksumAlgorithm}'");
    }

    private async Task<(Project Project, ImmutableArray<Diagnostic> Diagnostics)> RunGeneratorsAsync(
        Project project, IVerifier verifier, CancellationToken cancellationToken)
    {
        var generators = GetSourceGenerators().Select(type => Create(type, verifier)).ToArray();
        if (generators.Length == 0)
            return (project, []);
        var compilation = (await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false))!;
        var options = project.AnalyzerOptions;
        var result = CSharpGeneratorDriver
            .Create(generators, options.AdditionalFiles, (CSharpParseOptions)project.ParseOptions!, options.AnalyzerConfigOptionsProvider)
            .RunGenerators(compilation, cancellationToken)
            .GetRunResult();
        foreach (var tree in result.GeneratedTrees)
        {
            var text = await tree.GetTextAsync(cancellationToken).ConfigureAwait(false);
            project = project.AddDocument(Path.GetFileName(tree.FilePath), text, filePath: tree.FilePath).Project;
        }

        return (project, result.Diagnostics);
    }

    private static ISourceGenerator Create(Type type, IVerifier verifier)
    {
        switch (Activator.CreateInstance(type))
        {
            case IIncrementalGenerator incremental:
                return incremental.AsSourceGenerator();
            case ISourceGenerator generator:
                return generator;
            default:
                verifier.Fail($"'{type.FullName}' must implement IIncrementalGenerator or ISourceGenerator");
                return null;
        }
    }
}
