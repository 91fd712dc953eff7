using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace Microsoft.CodeAnalysis.CSharp.Testing
{
    public class CSharpAnalyzerTest<TAnalyzer, TVerifier> : AnalyzerTest<TVerifier>
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TVerifier : IVerifier, new()
    {
        public override string Language => LanguageNames.CSharp;
        protected override string DefaultFileExt => "cs";
        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => [new TAnalyzer()];
        protected override CompilationOptions CreateCompilationOptions() => CSharpDefaults.Compilation();
        protected override ParseOptions CreateParseOptions() => CSharpDefaults.Parse();
    }

    public class CSharpCodeFixTest<TAnalyzer, TCodeFix, TVerifier> : CodeFixTest<TVerifier>
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TCodeFix : CodeFixProvider, new()
        where TVerifier : IVerifier, new()
    {
        public override string Language => LanguageNames.CSharp;
        public override Type SyntaxKindType => typeof(SyntaxKind);
        protected override string DefaultFileExt => "cs";
        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => [new TAnalyzer()];
        protected override IEnumerable<CodeFixProvider> GetCodeFixProviders() => [new TCodeFix()];
        protected override CompilationOptions CreateCompilationOptions() => CSharpDefaults.Compilation();
        protected override ParseOptions CreateParseOptions() => CSharpDefaults.Parse();
    }

    public class CSharpSourceGeneratorTest<TSourceGenerator, TVerifier> : SourceGeneratorTest<TVerifier>
        where TSourceGenerator : new()
        where TVerifier : IVerifier, new()
    {
        public override string Language => LanguageNames.CSharp;
        protected override string DefaultFileExt => "cs";
        protected override IEnumerable<Type> GetSourceGenerators() => [typeof(TSourceGenerator)];
        protected override CompilationOptions CreateCompilationOptions() => CSharpDefaults.Compilation();
        protected override ParseOptions CreateParseOptions() => CSharpDefaults.Parse();
    }

    public class CSharpAnalyzerVerifier<TAnalyzer, TVerifier>
        : AnalyzerVerifier<TAnalyzer, CSharpAnalyzerTest<TAnalyzer, TVerifier>, TVerifier>
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TVerifier : IVerifier, new();

    public class CSharpCodeFixVerifier<TAnalyzer, TCodeFix, TVerifier>
        : CodeFixVerifier<TAnalyzer, TCodeFix, CSharpCodeFixTest<TAnalyzer, TCodeFix, TVerifier>, TVerifier>
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TCodeFix : CodeFixProvider, new()
        where TVerifier : IVerifier, new();

    file static class CSharpDefaults
    {
        public static CSharpCompilationOptions Compilation() => new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);

        public static CSharpParseOptions Parse() => new(LanguageVersion.Default, DocumentationMode.Diagnose);
    }
}

namespace Microsoft.CodeAnalysis.Testing
{
    public abstract class SourceGeneratorTest<TVerifier> : AnalyzerTest<TVerifier>
        where TVerifier : IVerifier, new()
    {
        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => [];
        protected abstract override IEnumerable<Type> GetSourceGenerators();
    }

    public class AnalyzerVerifier<TAnalyzer, TTest, TVerifier>
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TTest : AnalyzerTest<TVerifier>, new()
        where TVerifier : IVerifier, new()
    {
        public static DiagnosticResult Diagnostic() => new(new TAnalyzer().SupportedDiagnostics.Single());

        public static DiagnosticResult Diagnostic(string diagnosticId) => new(new TAnalyzer().SupportedDiagnostics.Single(d => d.Id == diagnosticId));

        public static DiagnosticResult Diagnostic(DiagnosticDescriptor descriptor) => new(descriptor);

        public static Task VerifyAnalyzerAsync(string source, params DiagnosticResult[] expected)
        {
            var test = new TTest { TestCode = source };
            test.ExpectedDiagnostics.AddRange(expected);
            return test.RunAsync(CancellationToken.None);
        }
    }

    public class CodeFixVerifier<TAnalyzer, TCodeFix, TTest, TVerifier> : AnalyzerVerifier<TAnalyzer, TTest, TVerifier>
        where TAnalyzer : DiagnosticAnalyzer, new()
        where TCodeFix : CodeFixProvider, new()
        where TTest : CodeFixTest<TVerifier>, new()
        where TVerifier : IVerifier, new()
    {
        public static Task VerifyCodeFixAsync(string source, string fixedSource) => VerifyCodeFixAsync(source, [], fixedSource);

        public static Task VerifyCodeFixAsync(string source, DiagnosticResult expected, string fixedSource) =>
            VerifyCodeFixAsync(source, [expected], fixedSource);

        public static Task VerifyCodeFixAsync(string source, DiagnosticResult[] expected, string fixedSource)
        {
            var test = new TTest { TestCode = source, FixedCode = fixedSource };
            test.ExpectedDiagnostics.AddRange(expected);
            return test.RunAsync(CancellationToken.None);
        }
    }

    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    public class EmptyDiagnosticAnalyzer : DiagnosticAnalyzer
    {
        public override System.Collections.Immutable.ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
        }
    }

    public sealed class EmptyCodeFixProvider : CodeFixProvider
    {
        public override System.Collections.Immutable.ImmutableArray<string> FixableDiagnosticIds => [];
        public override Task RegisterCodeFixesAsync(CodeFixContext context) => Task.CompletedTask;
    }
}
