using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1001: a consumer that lets the broker forget each message as it is sent.</summary>
public sealed class AutoAck : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.AutoAck,
        Rules.RabbitMqConsuming,
        "Deliveries are acknowledged before they are processed",
        "{0}: the broker forgets each message as soon as it is sent, so whatever was delivered but not yet processed is lost when this process stops or a handler fails",
        "With autoAck the broker counts a message as settled when it writes it to the socket. Messages in the client's buffers, and those whose handler throws, are gone. "
        + "Consume with autoAck: false and acknowledge after the work is done.");

    /// <summary>Creates the rule.</summary>
    public AutoAck()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb is ChannelVerb.Consume or ChannelVerb.Get && !ReplyQueues.IsReplyQueue(call, "queue"))
            call.ReportArgument(Rule, "autoAck", wrong: true);
    }
}
