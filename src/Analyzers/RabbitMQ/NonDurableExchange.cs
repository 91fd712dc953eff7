using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1101: an exchange that does not survive a restart of the broker.</summary>
public sealed class NonDurableExchange : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.NonDurableExchange,
        Rules.RabbitMqTopology,
        "The exchange does not survive a broker restart",
        "{0}: when the broker restarts, this exchange and its bindings are gone, and what is published to it afterwards is lost or closes the channel",
        "A transient exchange is kept in the broker's memory only. After a restart publishers meet a missing exchange, and durable queues that were bound to it get nothing any more. "
        + "Declare it with durable: true.");

    /// <summary>Creates the rule.</summary>
    public NonDurableExchange()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.DeclareExchange || !call.IsFalse("passive") || IsPredeclared(call.Text("exchange")))
            return;

        call.ReportArgument(Rule, "durable", wrong: false);
    }

    /// <summary>The default exchange, and those that every broker brings along: declaring them changes nothing.</summary>
    private static bool IsPredeclared(string? exchange) => exchange is not null && (exchange.Length == 0 || exchange.StartsWith("amq.", StringComparison.Ordinal));
}
