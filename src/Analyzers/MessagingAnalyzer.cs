using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers;

/// <summary>
/// A rule about the code that uses a messaging client: nothing is registered where none is referenced. Each can run by itself; the compiler loads <see cref="MessagingRules"/>,
/// which runs them all.
/// </summary>
public abstract class MessagingAnalyzer : ReliabilityAnalyzer
{
    private protected MessagingAnalyzer(DiagnosticDescriptor descriptor)
        : base(descriptor)
    {
    }

    /// <summary>Registers what the rule looks at, if its client is there.</summary>
    internal abstract void Watch(RuleRegistration context, CompilationFlow flow);

    private protected sealed override void Start(CompilationStartAnalysisContext context) => RuleRegistration.Start(context, ImmutableArray.Create(this));
}
