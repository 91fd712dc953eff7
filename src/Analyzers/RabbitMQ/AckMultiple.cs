using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1004: a handler of one message that acknowledges others along with it.</summary>
public sealed class AckMultiple : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.AckMultiple,
        Rules.RabbitMqConsuming,
        "The ack covers messages that are not this one",
        "'multiple' {0} true: this acknowledges every earlier message of the channel too, those whose handler failed or has not finished among them, and they are lost",
        "An ack with multiple: true settles all unsettled deliveries up to its tag. In a handler that runs once per message that includes messages whose handler threw (they stay unsettled), and those still in work. Acknowledge one message at a time.");

    /// <summary>Creates the rule.</summary>
    public AckMultiple()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Ack || call.Argument("multiple") is not { } multiple || call.Flow.Judge(multiple.Value, static value => value is true) is not { IsReported: true } verdict
            || Settlement.Of(call.Invocation, call.Flow) is not { IsHandlers: true } settlement || IsForBatches(settlement))
        {
            return;
        }

        // With one message at a time there are no others.
        var channel = call.Channel;
        if (!channel.IsKnown || channel.Calls.Any(one => one.Verb == ChannelVerb.Prefetch && one.Call.Argument("prefetchCount") is { } count && IsOneOrUnknown(call.Flow.Constant(count.Value))))
            return;

        call.Report(Rule, call.Invocation.Place(multiple), DiagnosticKeys.CauseWritten, "multiple", verdict.Finding, Enumerable.Empty<Location>(), verdict.Is);
    }

    /// <summary>Whether the ack waits for a number of messages or a time: it is made on a condition, and not only on one about this message itself.</summary>
    private static bool IsForBatches(Settlement settlement)
    {
        var data = settlement.Data();
        for (var outer = settlement.Call.Parent; outer is not null && !ReferenceEquals(outer, settlement.Function); outer = outer.Parent)
        {
            if (outer is ISwitchOperation or ILoopOperation or ICatchClauseOperation || (outer is IConditionalOperation { Condition: { } condition } && !IsAbout(condition, data)))
                return true;
        }

        return false;
    }

    private static bool IsAbout(IOperation condition, ISet<ISymbol> data) => Settlement.Mentions(condition, data) && !condition.DescendantsAndSelf().Any(static one => one switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual or BinaryOperatorKind.Remainder } => true,
        IMemberReferenceOperation { Member.Name: "DeliveryTag" or "Count" or "Length" } => true,
        _ => false,
    });

    private static bool IsOneOrUnknown(Optional<object?> count) => !count.HasValue || count.Value is null || Convert.ToInt64(count.Value, null) == 1;
}
