using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1006: a rejected message that nothing catches.</summary>
public sealed class RejectedWithoutDeadLetter : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.RejectedWithoutDeadLetter,
        Rules.RabbitMqConsuming,
        "The rejected message is thrown away",
        "'{0}' is declared without 'x-dead-letter-exchange': a message that is rejected without requeue is thrown away",
        "The broker drops a message that is rejected (or nacked) without requeue, unless its queue has a dead-letter exchange. Declare the queue with x-dead-letter-exchange, bound to a queue that somebody looks at.");

    /// <summary>Creates the rule.</summary>
    public RejectedWithoutDeadLetter()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb is not (ChannelVerb.Nack or ChannelVerb.Reject) || !call.IsTrueOrFalse("requeue", wanted: false) || call.Options.DeadLettersAreSetByPolicy || ConsumedQueues.Declarations(call) is not { Count: > 0 } declarations)
            return;

        foreach (var declaration in declarations)
        {
            // A quorum queue without dead letters is REL1106's, at its declaration.
            var settings = new QueueSettings(declaration, call.Flow);
            if (settings.Has(QueueSettings.DeadLetterExchange) != false || settings.Has(QueueSettings.QueueType) is null || settings.Text(QueueSettings.QueueType) == "quorum")
                return;
        }

        var name = declarations[0].Argument("queue") is { } queue && call.Flow.Text(queue.Value) is { Length: > 0 } text ? text : "The queue";
        call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseMissing, QueueSettings.DeadLetterExchange, Finding.Always, declarations.Select(static one => one.Syntax.GetLocation()), name);
    }
}
