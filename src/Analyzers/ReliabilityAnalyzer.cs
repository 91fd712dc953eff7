using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers;

/// <summary>What all rules share: one descriptor, concurrent execution, no generated code.</summary>
public abstract class ReliabilityAnalyzer : DiagnosticAnalyzer
{
    private protected ReliabilityAnalyzer(DiagnosticDescriptor descriptor) => SupportedDiagnostics = ImmutableArray.Create(descriptor);

    /// <inheritdoc />
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc />
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(Start);
    }

    /// <summary>Registers what the rule looks at, if what it is about is referenced.</summary>
    private protected abstract void Start(CompilationStartAnalysisContext context);

    private protected static DiagnosticDescriptor Describe(
        string id, string category, string title, string message, string description, DiagnosticSeverity severity = DiagnosticSeverity.Warning) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, description, Rules.HelpLink(id), Presets.TagsOf(id));
}
