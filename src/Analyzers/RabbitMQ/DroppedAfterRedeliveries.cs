using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1106: a quorum queue that drops a message which failed too often.</summary>
public sealed class DroppedAfterRedeliveries : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.DroppedAfterRedeliveries,
        Rules.RabbitMqTopology,
        "The queue drops messages that fail too often",
        "{0}",
        "From RabbitMQ 4.0 on a quorum queue drops a message at its 21st failed delivery, and with x-delivery-limit older ones do as well, unless the queue has a dead-letter exchange. "
        + "x-delivery-limit: -1 means no limit on RabbitMQ 4 and 'drop at the first failure' on 3.x.");

    /// <summary>Creates the rule.</summary>
    public DroppedAfterRedeliveries()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.DeclareQueue || call.Argument("arguments") is not { } arguments || !call.IsFalse("passive"))
            return;

        var settings = new QueueSettings(call);
        if (settings.Text(QueueSettings.QueueType) != "quorum")
            return;

        if (settings.Constant(QueueSettings.DeliveryLimit) is int and < 0 or long and < 0L)
        {
            Report(QueueSettings.DeliveryLimit, DiagnosticKeys.CauseWritten, "'x-delivery-limit' is negative: RabbitMQ 3.x takes a message out of the queue at its first failed delivery, and 4.x redelivers it without end");
            return;
        }

        if (settings.Has(QueueSettings.DeadLetterExchange) == false && !call.Options.DeadLettersAreSetByPolicy)
        {
            var limit = settings.Constant(QueueSettings.DeliveryLimit) is int given ? $"after {given + 1} failed deliveries" : "at its 21st failed delivery";
            Report(QueueSettings.DeadLetterExchange, DiagnosticKeys.CauseUnset, $"This quorum queue has no 'x-dead-letter-exchange': a message is dropped without a trace {limit}");
        }

        void Report(string key, string cause, string says)
        {
            var elsewhere = settings.At(QueueSettings.QueueType).InOrder().Select(static one => one.Site?.Syntax.GetLocation()).OfType<Location>();
            call.Report(Rule, call.Invocation.Place(arguments), cause, key, Finding.Always, elsewhere, says);
        }
    }
}
