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
        "A message that expires in a queue, or is pushed out of it, and whose dead-letter route leads back to that queue is dropped as a cycle. A route to a queue that does not exist drops it as well.");

    /// <summary>Creates the rule.</summary>
    public SelfDeadLetter()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.DeclareQueue || call.Argument("arguments") is not { } arguments || !call.IsFalse("passive"))
            return;

        var settings = new QueueSettings(call);
        if (settings.Text(QueueSettings.DeadLetterExchange) is not "" || settings.Text(QueueSettings.DeadLetterRoutingKey) is not { } target || call.Text("queue") is not { Length: > 0 } queue)
            return;

        if (target != queue)
        {
            if (call.Flow.Topology.Declares(target) == false)
                Report($"The dead-letter route leads to the queue '{target}', which nothing in this project declares: if it does not exist, dead letters are dropped without a trace");
        }
        else if (settings.Has("x-message-ttl") == true || settings.Has("x-max-length") == true || settings.Has("x-max-length-bytes") == true)
        {
            Report($"The dead-letter route of '{queue}' leads back to '{queue}': the broker drops what expires there, or is pushed out, as a cycle");
        }

        void Report(string says)
        {
            var elsewhere = settings.At(QueueSettings.DeadLetterRoutingKey).InOrder().Select(static one => one.Site?.Syntax.GetLocation()).OfType<Location>();
            call.Report(Rule, call.Invocation.Place(arguments), DiagnosticKeys.CauseWritten, QueueSettings.DeadLetterRoutingKey, Finding.Always, elsewhere, says);
        }
    }
}
