using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1002: a message that is acknowledged before its work is done.</summary>
public sealed class AckBeforeProcessing : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.AckBeforeProcessing,
        Rules.RabbitMqConsuming,
        "The message is acknowledged before its work is done",
        "The message is acknowledged before '{0}' has run: when that fails, or the process stops in between, the broker has forgotten the message and its work is never done",
        "An ack tells the broker to forget the message. Whatever runs after it has no second try. Acknowledge as the last step, when everything that the message asks for has been done.");

    /// <summary>Creates the rule.</summary>
    public AckBeforeProcessing()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Ack || Settlement.Of(call.Invocation, call.Flow) is not { } settlement || settlement.FirstWorkAfter(call.Flow) is not { } work)
            return;

        call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, new[] { work.Syntax.GetLocation() }, work.TargetMethod.Name);
    }
}
