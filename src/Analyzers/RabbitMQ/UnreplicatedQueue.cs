using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1105: a durable queue with one copy.</summary>
public sealed class UnreplicatedQueue : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.UnreplicatedQueue,
        Rules.RabbitMqTopology,
        "The queue has one copy",
        "This durable queue is a classic one, kept by one node only: while that node is away its messages cannot be had, and when its disk is lost they are gone",
        "A classic queue lives on one node of a cluster. A quorum queue ('x-queue-type': 'quorum') keeps a copy on a majority of nodes before it confirms a message. "
        + "Give a quorum queue a dead-letter exchange too: it drops what was redelivered too often.",
        DiagnosticSeverity.Info);

    /// <summary>Creates the rule.</summary>
    public UnreplicatedQueue()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.DeclareQueue || call.Argument("arguments") is not { } arguments || !call.IsTrue("durable") || !call.IsFalse("exclusive") || !call.IsFalse("autoDelete")
            || !call.IsFalse("passive") || call.Text("queue") is "")
        {
            return;
        }

        // Priorities are the one thing that quorum queues of older brokers refuse.
        var settings = new QueueSettings(call);
        if (settings.Has("x-max-priority") is not false)
            return;

        var isClassic = settings.Has(QueueSettings.QueueType) == false || settings.Text(QueueSettings.QueueType) == "classic";
        if (isClassic)
            call.Report(Rule, call.Invocation.NameLocation(), arguments.IsOmitted() ? DiagnosticKeys.CauseOmitted : DiagnosticKeys.CauseUnset, QueueSettings.QueueType, Finding.Always, Enumerable.Empty<Location>());
    }
}
