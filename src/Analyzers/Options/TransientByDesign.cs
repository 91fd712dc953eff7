using Reliability.Analyzers.Clients;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Analyzers.Options;

/// <summary>Queues and exchanges whose messages a project is willing to lose: a feed of prices, invalidations of a cache. Which rules then have nothing to say about them.</summary>
internal static class TransientByDesign
{
    public static readonly string[] RulesOfExchanges =
    {
        Rules.NonDurableExchange, Rules.TransientMessage, Rules.MissingConfirms, Rules.UnobservedConfirm, Rules.Unroutable, Rules.NoMessageId, Rules.LossyConfiguration,
    };

    public static readonly string[] RulesOfQueues =
    {
        Rules.AutoAck, Rules.NonDurableQueue, Rules.ConnectionBoundQueue, Rules.LossyQueueArguments, Rules.UnreplicatedQueue, Rules.DroppedAfterRedeliveries,
        Rules.TransientMessage, Rules.MissingConfirms, Rules.UnobservedConfirm, Rules.NoMessageId, Rules.LossyConfiguration,
    };

    /// <summary>Whether a rule has nothing to say about a call, as its queue or exchange is transient by design.</summary>
    public static bool Covers(ChannelCall call, string rule) => !(call.Options.QueuesTransientByDesign.IsEmpty && call.Options.ExchangesTransientByDesign.IsEmpty) && call.Verb switch
    {
        ChannelVerb.DeclareExchange => RulesOfExchanges.Contains(rule) && call.Options.ExchangesTransientByDesign.Match(call.Text("exchange")),
        ChannelVerb.DeclareQueue or ChannelVerb.Consume or ChannelVerb.Get => RulesOfQueues.Contains(rule) && call.Options.QueuesTransientByDesign.Match(call.Text("queue")),
        ChannelVerb.Publish => (RulesOfExchanges.Contains(rule) || RulesOfQueues.Contains(rule)) && IsPublished(call),
        _ => false,
    };

    /// <summary>The default exchange hands a message to the queue that its routing key names.</summary>
    private static bool IsPublished(ChannelCall call) => call.Text("exchange") switch
    {
        null => false,
        "" => call.Options.QueuesTransientByDesign.Match(call.Text("routingKey")),
        { } exchange => call.Options.ExchangesTransientByDesign.Match(exchange),
    };
}
