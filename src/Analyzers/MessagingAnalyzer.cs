using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers;

/// <summary>A rule about the code that uses a messaging client: nothing is registered where none is referenced.</summary>
public abstract class MessagingAnalyzer : ReliabilityAnalyzer
{
    private protected MessagingAnalyzer(DiagnosticDescriptor descriptor)
        : base(descriptor)
    {
    }

    /// <summary>Registers what the rule looks at, if its client is there.</summary>
    private protected abstract void Watch(CompilationStartAnalysisContext context, CompilationFlow flow);

    private protected sealed override void Start(CompilationStartAnalysisContext context)
    {
        if (CompilationFlow.Of(context.Compilation) is { } flow)
            Watch(context, flow);
    }
}
