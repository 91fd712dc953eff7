using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers;

/// <summary>
/// What all rules share: one descriptor, concurrent execution, no generated code, and nothing registered where the rule's client is not referenced.
/// </summary>
public abstract class MessagingAnalyzer : DiagnosticAnalyzer
{
    private protected MessagingAnalyzer(DiagnosticDescriptor descriptor) => SupportedDiagnostics = ImmutableArray.Create(descriptor);

    /// <inheritdoc />
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; }

    /// <inheritdoc />
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (CompilationFlow.Of(start.Compilation) is { } flow)
                Watch(start, flow);
        });
    }

    /// <summary>Registers what the rule looks at, if its client is there.</summary>
    private protected abstract void Watch(CompilationStartAnalysisContext context, CompilationFlow flow);

    private protected static DiagnosticDescriptor Describe(
        string id, string category, string title, string message, string description, DiagnosticSeverity severity = DiagnosticSeverity.Warning) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, description, Rules.HelpLink(id), Presets.TagsOf(id));
}
