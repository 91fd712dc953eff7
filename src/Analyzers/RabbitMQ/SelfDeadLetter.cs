using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1107: a dead-letter route that leads back to the queue itself, or to nowhere.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SelfDeadLetter : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.SelfDeadLetter,
        Rules.RabbitMqTopology,
        "The dead-letter route leads nowhere",
        "{0}",
        "A message that expires in a queue, or is pushed out of it, and whose dead-letter route leads back to that queue is dropped as a cycle. A route to a queue that does not exist, or to an exchange that no queue is bound to, drops it as well.");

    /// <summary>Creates the rule.</summary>
    public SelfDeadLetter()
        : base(Rule)
    {
    }

    private static readonly string[] Limits = { "x-message-ttl", "x-max-length", "x-max-length-bytes" };

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.DeclareQueue || call.Argument("arguments") is not { } arguments || !call.IsFalse("passive"))
            return;

        var settings = new QueueSettings(call);
        if (settings.Text(QueueSettings.DeadLetterExchange) is not { } exchange || call.Text("queue") is not { Length: > 0 } queue)
            return;

        var drops = Array.Exists(Limits, key => settings.Has(key) == true);
        if (exchange.Length > 0)
        {
            JudgeExchange(exchange, queue, drops);
        }
        else if (settings.Text(QueueSettings.DeadLetterRoutingKey) is { } target)
        {
            if (target == queue && drops)
                Report($"The dead-letter route of '{queue}' leads back to '{queue}': the broker drops what expires there, or is pushed out, as a cycle");
            else if (target != queue && call.Flow.Topology.Declares(target) == false)
                Report($"The dead-letter route leads to the queue '{target}', which nothing in this project declares: if it does not exist, dead letters are dropped without a trace");
        }

        void JudgeExchange(string exchange, string queue, bool drops)
        {
            if (call.Invocation.SemanticModel is not { } model)
                return;

            var routes = DeadLetterRoutes.Of(model.Compilation, call.Flow);
            if (routes.LeadsNowhere(exchange))
                Report($"The dead-letter route leads to the exchange '{exchange}', which this project declares, and to which it binds no queue: dead letters are dropped without a trace");
            else if (drops && routes.LeadsBack(exchange, queue, settings.Text(QueueSettings.DeadLetterRoutingKey)))
                Report($"The dead-letter route of '{queue}' leads back to '{queue}' by the exchange '{exchange}': the broker drops what expires there, or is pushed out, as a cycle");
        }

        void Report(string says)
        {
            var elsewhere = settings.At(exchange.Length > 0 ? QueueSettings.DeadLetterExchange : QueueSettings.DeadLetterRoutingKey).InOrder().Select(static one => one.Site?.Syntax.GetLocation()).OfType<Location>();
            call.Report(Rule, call.Invocation.Place(arguments), DiagnosticKeys.CauseWritten, exchange.Length > 0 ? QueueSettings.DeadLetterExchange : QueueSettings.DeadLetterRoutingKey, Finding.Always, elsewhere, says);
        }
    }
}
