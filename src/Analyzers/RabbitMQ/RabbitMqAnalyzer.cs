using Microsoft.CodeAnalysis;
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

    internal sealed override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.RabbitMq6 is null && flow.Types.RabbitMq7 is null)
            return;

        var rule = SupportedDiagnostics[0].Id;
        context.RegisterChannelCall(
            call =>
            {
                if (!TransientByDesign.Covers(call, rule))
                    Judge(call);
            },
            hasOwnAcks: RuleOptions.Acks.Concerns(rule, context.Compilation, context.Options));
    }

    /// <summary>Looks at one call.</summary>
    private protected abstract void Judge(ChannelCall call);
}
