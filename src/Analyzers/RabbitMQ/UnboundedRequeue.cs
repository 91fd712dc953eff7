using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1005: a failed message that goes back to the queue again and again.</summary>
public sealed class UnboundedRequeue : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.UnboundedRequeue,
        Rules.RabbitMqConsuming,
        "A message that always fails is requeued without end",
        "'requeue' {0} true when the work failed, and nothing counts the attempts: a message that always fails comes back at once, for ever, and holds up all behind it",
        "A requeued message goes back to the head of the queue and is delivered again at once. Bound the attempts: reject without requeue to a dead-letter exchange, or count attempts and give up. "
        + "On a quorum queue with x-delivery-limit use BasicReject: from RabbitMQ 4.3 on a nack does not count.");

    /// <summary>Creates the rule.</summary>
    public UnboundedRequeue()
        : base(Rule)
    {
    }

    private static readonly string[] Counting = { "redeliver", "retr", "attempt", "count", "tries", "death", "limit", "max" };

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb is not (ChannelVerb.Nack or ChannelVerb.Reject) || call.Argument("requeue") is not { } requeue
            || call.Flow.Judge(requeue.Value, static value => value is true) is not { Finding: Finding.Always } verdict
            || !FollowsFailure(call.Invocation) || call.Flow.BodyAround(call.Invocation).Ask(CountsAttempts) || (call.Verb == ChannelVerb.Reject && BrokerCounts(call)))
        {
            return;
        }

        // Without dead letters a rejected message is thrown away: then there is nothing to mend here alone.
        var cause = ConsumedQueues.HaveDeadLetters(call) ? DiagnosticKeys.CauseWritten : DiagnosticKeys.CauseMissing;
        call.Report(Rule, call.Invocation.Place(requeue), cause, "requeue", verdict.Finding, Enumerable.Empty<Location>(), verdict.Is);
    }

    /// <summary>Whether the message is given back because its work failed: in a catch block, or instead of an ack. One that was not tried, as the process is stopping, may well come back.</summary>
    private static bool FollowsFailure(IInvocationOperation call)
    {
        IOperation inner = call;
        for (var outer = call.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); inner = outer, outer = outer.Parent)
        {
            if (outer is ICatchClauseOperation caught)
                return caught.ExceptionType?.Name is not ("OperationCanceledException" or "TaskCanceledException") && !Says(caught.Filter, "cancel");
            if (outer is IConditionalOperation { WhenFalse: { } whenFalse } either && !ReferenceEquals(inner, either.Condition))
                return Acks(ReferenceEquals(inner, whenFalse) ? either.WhenTrue : whenFalse) && !Says(either.Condition, "cancel", "stop", "shut");
        }

        return false;
    }

    private static bool Acks(IOperation branch) => branch.DescendantsAndSelf().OfType<IInvocationOperation>().Any(static one => one.TargetMethod.Name is "BasicAck" or "BasicAckAsync");

    /// <summary>Whether the function decides by something that counts.</summary>
    private static readonly Func<Body, bool> CountsAttempts = static body => body.Root.Descendants().Any(static one => one switch
    {
        IConditionalOperation conditional => Says(conditional.Condition, Counting),
        ISwitchOperation choice => Says(choice.Value, Counting),
        ICatchClauseOperation { Filter: { } filter } => Says(filter, Counting),
        _ => false,
    });

    private static bool Says(IOperation? code, params string[] words)
    {
        var text = code?.Syntax.ToString();
        return text is not null && Array.Exists(words, word => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
    }

    /// <summary>Whether a queue around is one that counts rejections itself.</summary>
    private static bool BrokerCounts(ChannelCall call) => call.Flow.QueuesAround(call.Invocation).All.Any(declaration =>
        new QueueSettings(declaration, call.Flow) is var settings && (settings.Has(QueueSettings.DeliveryLimit) != false || settings.Text(QueueSettings.QueueType) == "quorum"));
}
