using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>A rule about calls on a RabbitMQ channel, of either major version.</summary>
public abstract class RabbitMqAnalyzer : MessagingAnalyzer
{
    private protected RabbitMqAnalyzer(DiagnosticDescriptor descriptor)
        : base(descriptor)
    {
    }

    private protected sealed override void Watch(CompilationStartAnalysisContext context, CompilationFlow flow)
    {
        if (flow.Types.RabbitMq6 is null && flow.Types.RabbitMq7 is null)
            return;

        context.RegisterOperationAction(
            operation =>
            {
                var invocation = (IInvocationOperation)operation.Operation;
                if (flow.Types.ClientOf(invocation.TargetMethod) is not { } client)
                    return;

                var verb = client.VerbOf(invocation);
                if (verb != ChannelVerb.Other && !invocation.IsOnlyDescribed())
                    Judge(new ChannelCall(invocation, verb, client, flow, RuleOptions.For(invocation.Syntax.SyntaxTree, operation.Options), operation.ReportDiagnostic));
            },
            OperationKind.Invocation);
    }

    /// <summary>Looks at one call.</summary>
    private protected abstract void Judge(ChannelCall call);
}
