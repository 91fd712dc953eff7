using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Generators.Tests;

/// <summary>A user's project: its sources, compiled with this generator and System.Text.Json's, against the real runtime.</summary>
internal sealed class GeneratorRun
{
    public const string Usings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.Data.Common;
        global using System.Text.Json.Serialization;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.Extensions.DependencyInjection;
        global using Reliability;
        """;

    // Enough for handlers, and few: every compilation merges the namespaces of all that it refers to.
    private static readonly HashSet<string> Referenced =
    [
        "System.Private.CoreLib", "System.Runtime", "System.Collections", "System.ComponentModel", "System.ComponentModel.Primitives", "System.Data.Common", "System.Linq",
        "System.Linq.Expressions", "System.Memory", "System.Text.Encodings.Web", "System.Text.Json", "System.Threading", "Microsoft.Extensions.DependencyInjection.Abstractions", "Reliability.Runtime",
    ];

    private static readonly HashSet<string> EntityFramework =
    [
        "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Abstractions", "Microsoft.EntityFrameworkCore.Relational",
    ];

    /// <summary>The framework, the abstractions of services, and the runtime.</summary>
    public static ImmutableArray<MetadataReference> References { get; } = ReferencesTo(Referenced.Contains);

    /// <summary>Entity Framework Core alone.</summary>
    public static ImmutableArray<MetadataReference> EntityFrameworkReferences { get; } = ReferencesTo(EntityFramework.Contains);

    /// <summary>The package that enlists contexts.</summary>
    public static ImmutableArray<MetadataReference> EnlistingReferences { get; } = ReferencesTo(name => name == "Reliability.EntityFrameworkCore");

    // CS1701 and CS1702 are off in every SDK project; the users of these tests document nothing.
    private static readonly Dictionary<string, ReportDiagnostic> LikeTheSdk = new()
    {
        ["CS1701"] = ReportDiagnostic.Suppress,
        ["CS1702"] = ReportDiagnostic.Suppress,
        ["CS1591"] = ReportDiagnostic.Suppress,
    };

    // Projects made from it share what is known of the references: reading them anew takes longer than a test.
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Shop",
        [],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, specificDiagnosticOptions: LikeTheSdk));

    private GeneratorRun(CSharpCompilation input, GeneratorDriver driver, Compilation output)
    {
        Input = input;
        Driver = driver;
        Output = output;
    }

    public CSharpCompilation Input { get; }

    public GeneratorDriver Driver { get; }

    public Compilation Output { get; }

    public GeneratorRunResult Result => Driver.GetRunResult().Results.Single(result => result.Generator.GetGeneratorType() == typeof(HandlerGenerator));

    /// <summary>The emitted files by name.</summary>
    public IReadOnlyDictionary<string, string> Files => Result.GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString());

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp12, DocumentationMode.Diagnose);

    public static GeneratorRun Of(params string[] sources) => Of(Compile(sources));

    public static GeneratorRun Of(CSharpCompilation input) => Of(input, [new HandlerGenerator().AsSourceGenerator(), JsonGenerator()]);

    /// <summary>Without System.Text.Json's generator, for tests that do not compile the result.</summary>
    public static GeneratorRun OfHandlersOnly(string source) => Of(Compile(source), [new HandlerGenerator().AsSourceGenerator()]);

    private static GeneratorRun Of(CSharpCompilation input, ISourceGenerator[] generators)
    {
        var driver = CreateDriver(generators).RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        return new GeneratorRun(input, driver, output);
    }

    /// <summary>The same project after an edit, run by the same driver.</summary>
    public GeneratorRun After(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        var input = edit(Input);
        var driver = Driver.RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        return new GeneratorRun(input, driver, output);
    }

    /// <summary>What the compiler says of the user's and the emitted code together, warnings included.</summary>
    public IReadOnlyList<Diagnostic> CompilerFindings() =>
        [.. Output.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity >= DiagnosticSeverity.Warning)];

    /// <summary>What the handler rules say.</summary>
    public async Task<IReadOnlyList<Diagnostic>> RuleFindingsAsync()
    {
        var failures = new List<string>();
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (error, _, _) => failures.Add(error.ToString()), concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var found = await Output.WithAnalyzers([new HandlerAnalyzer()], options).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Empty(failures);
        return found;
    }

    /// <summary>A project with Entity Framework Core and what enlists its contexts.</summary>
    public static GeneratorRun WithEntityFramework(params string[] sources) =>
        Of(Compile(sources).AddReferences(EntityFrameworkReferences).AddReferences(EnlistingReferences));

    public static CSharpCompilation Compile(params string[] sources) => Empty.AddSyntaxTrees(
        sources.Prepend(Usings).Select((source, i) => CSharpSyntaxTree.ParseText(source, ParseOptions, path: $"File{i}.cs")));

    /// <summary>What the project file told this assembly.</summary>
    public static string ProjectMetadata(string key) =>
        typeof(GeneratorRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;

    private static ImmutableArray<MetadataReference> ReferencesTo(Func<string, bool> isWanted) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => isWanted(Path.GetFileNameWithoutExtension(path)))
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToImmutableArray();

    private static CSharpGeneratorDriver CreateDriver(ISourceGenerator[] generators)
    {
        var options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        return CSharpGeneratorDriver.Create(generators, parseOptions: ParseOptions, driverOptions: options);
    }

    private static ISourceGenerator JsonGenerator()
    {
        var path = ProjectMetadata("JsonGenerator");
        var type = Assembly.LoadFrom(path).GetType("System.Text.Json.SourceGeneration.JsonSourceGenerator", throwOnError: true)!;
        return ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator();
    }
}
