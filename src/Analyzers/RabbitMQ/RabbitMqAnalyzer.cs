using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

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
                var options = RuleOptions.For(invocation.Syntax.SyntaxTree, operation.Options);
                var client = flow.Types.ClientOf(invocation.TargetMethod);
                var verb = client?.VerbOf(invocation) ?? (options.AckMethods.Contains(invocation.TargetMethod) ? ChannelVerb.Ack : ChannelVerb.Other);
                if (verb == ChannelVerb.Other || invocation.IsOnlyDescribed())
                    return;

                var call = new ChannelCall(invocation, verb, client ?? flow.Types.RabbitMq7 ?? flow.Types.RabbitMq6!, flow, options, operation.ReportDiagnostic);
                if (!TransientByDesign.Covers(call, SupportedDiagnostics[0].Id))
                    Judge(call);
            },
            OperationKind.Invocation);
    }

    /// <summary>Looks at one call.</summary>
    private protected abstract void Judge(ChannelCall call);
}
