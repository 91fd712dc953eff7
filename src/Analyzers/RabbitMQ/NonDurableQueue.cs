using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1102: a queue that does not survive a restart of the broker.</summary>
public sealed class NonDurableQueue : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.NonDurableQueue,
        Rules.RabbitMqTopology,
        "The queue does not survive a broker restart",
        "{0}: when the broker restarts, this queue is gone with every message in it, persistent ones too",
        "A transient queue is deleted when its node stops, whatever the delivery mode of its messages. Declare it with durable: true. "
        + "Queues named by the server and exclusive queues belong to one connection and are not reported.");

    /// <summary>Creates the rule.</summary>
    public NonDurableQueue()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb == ChannelVerb.DeclareQueue && call.IsFalse("passive") && call.IsFalse("exclusive") && call.Text("queue") is not "")
            call.ReportArgument(Rule, "durable", wrong: false);
    }
}
