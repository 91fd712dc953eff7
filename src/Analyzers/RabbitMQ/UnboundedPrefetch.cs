using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1007: a consumer that takes as many messages as the broker has.</summary>
public sealed class UnboundedPrefetch : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.UnboundedPrefetch,
        Rules.RabbitMqConsuming,
        "The consumer takes as many messages as the broker has",
        "{0}",
        "Without a prefetch limit the broker sends everything that is in the queue to the first consumer: its memory grows, other consumers get nothing, and all of it is delivered a second time when the process stops. "
        + "Call BasicQos(prefetchSize: 0, prefetchCount: n, global: false) before consuming. With global: true a consumer on a quorum queue closes the connection, and from RabbitMQ 4.3 on the flag has no effect.");

    /// <summary>Creates the rule.</summary>
    public UnboundedPrefetch()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        switch (call.Verb)
        {
            case ChannelVerb.Prefetch:
                JudgeLimit(call);
                break;
            case ChannelVerb.Consume when IsAckedByHand(call) && !ReplyQueues.IsReplyQueue(call, "queue"):
                if (call.Channel is { IsKnown: true } channel && !channel.Does(ChannelVerb.Prefetch))
                {
                    call.Report(
                        Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseMissing, null, Finding.Always, channel.Creations.Select(static one => one.Syntax.GetLocation()),
                        "No prefetch limit is set on this channel: the broker sends the whole queue to this consumer, which holds it unacknowledged in memory and has it redelivered when it stops");
                }

                break;
        }
    }

    private static void JudgeLimit(ChannelCall call)
    {
        if (call.Argument("global") is { } global && call.Flow.Judge(global.Value, static value => value is true) is { IsReported: true } shared)
        {
            call.Report(
                Rule, call.Invocation.Place(global), DiagnosticKeys.CauseWritten, "global", shared.Finding, Enumerable.Empty<Location>(),
                $"'global' {shared.Is} true: a consumer on a quorum queue then closes the connection (540), and from RabbitMQ 4.3 on the limit is silently per consumer");
        }

        if (call.Argument("prefetchCount") is { } count && call.Flow.Judge(count.Value, static value => value is not null and not bool && Convert.ToInt64(value, null) == 0) is { IsReported: true } none)
        {
            call.Report(
                Rule, call.Invocation.Place(count), DiagnosticKeys.CauseWritten, "prefetchCount", none.Finding, Enumerable.Empty<Location>(),
                $"'prefetchCount' {none.Is} 0, which means no limit: the broker sends the whole queue to this consumer");
        }
    }

    private static bool IsAckedByHand(ChannelCall call) => call.Argument("autoAck") is { } autoAck && call.Flow.Constant(autoAck.Value) is { HasValue: true, Value: false };
}
