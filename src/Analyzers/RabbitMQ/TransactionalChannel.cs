using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1205: a channel in transaction mode.</summary>
public sealed class TransactionalChannel : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.TransactionalChannel,
        Rules.RabbitMqPublishing,
        "The channel is transactional",
        "Transactions are safe, but each commit waits for the broker and blocks the channel: publisher confirms give the same promise many times faster",
        "TxSelect, TxCommit and TxRollback lose nothing, at the price of a synchronous round trip for each commit. Publisher confirms tell the same, asynchronously.",
        DiagnosticSeverity.Info);

    /// <summary>Creates the rule.</summary>
    public TransactionalChannel()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb == ChannelVerb.SelectTransactions)
            call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, Enumerable.Empty<Location>());
    }
}
