using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1103: a queue that goes, with its messages, when a connection or the last consumer does.</summary>
public sealed class ConnectionBoundQueue : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.ConnectionBoundQueue,
        Rules.RabbitMqTopology,
        "The queue goes with its connection or its last consumer",
        "{0}: {1}",
        "An exclusive queue is deleted, with every message in it, when its connection ends; an auto-delete queue when its last consumer goes. The QueueDeclare overloads with optional parameters default both to true. "
        + "Declare a queue that must outlive the process with exclusive: false and autoDelete: false.");

    /// <summary>Creates the rule.</summary>
    public ConnectionBoundQueue()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.DeclareQueue || !call.IsFalse("passive") || !IsMeantToLast(call))
            return;

        var exclusive = Verdict(call, "exclusive");
        var member = exclusive.IsReported ? "exclusive" : "autoDelete";
        var verdict = exclusive.IsReported ? exclusive : Verdict(call, "autoDelete");
        if (!verdict.IsReported)
            return;

        var argument = call.Argument(member)!;
        var says = argument.IsOmitted() ? $"'{member}' is left out and defaults to true" : $"'{member}' {verdict.Is} true";
        var lost = member == "exclusive"
            ? "the broker deletes this queue, with every message in it, when the connection that declared it ends, and no other connection can use it"
            : "the broker deletes this queue, with every message in it, when its last consumer goes, for a restart or a dropped connection too";
        call.Report(
            Rule, call.Invocation.Place(argument), argument.IsOmitted() ? DiagnosticKeys.CauseOmitted : DiagnosticKeys.CauseWritten, member, verdict.Finding, Enumerable.Empty<Location>(), says, lost);
    }

    /// <summary>
    /// Whether a queue is one that others know: it has a constant name, or it is written to be durable, which a queue of one connection cannot use. Queues of replies,
    /// and those that the server names, are their connection's own.
    /// </summary>
    private static bool IsMeantToLast(ChannelCall call)
    {
        if (call.Argument("queue") is not { } queue || call.Text("queue") is "" || ReplyQueues.IsForReplies(call, queue.Value))
            return false;

        var isWrittenDurable = call.Argument("durable") is { } durable && !durable.IsOmitted() && call.IsTrue("durable");
        return isWrittenDurable
            ? !queue.IsOmitted() && (call.Text("queue") is not null || call.Argument("exclusive")!.IsOmitted())
            : call.Text("queue") is not null;
    }

    private static Verdict Verdict(ChannelCall call, string parameter) =>
        call.Argument(parameter) is { } argument ? call.Flow.Judge(argument.Value, static value => value is true) : default;
}
