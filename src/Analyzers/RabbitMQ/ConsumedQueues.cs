using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>The queues that the type (or program) around a call consumes from.</summary>
internal static class ConsumedQueues
{
    /// <summary>All declarations of the queues that the code around consumes; none where one of them may be declared elsewhere.</summary>
    public static List<IInvocationOperation> Declarations(ChannelCall call)
    {
        var type = call.Invocation.SemanticModel?.GetEnclosingSymbol(call.Invocation.Syntax.SpanStart)?.ContainingType;
        var code = type is null ? new[] { call.Flow.BodyAround(call.Invocation) } : call.Flow.BodiesOf(type).All;
        var all = new List<IInvocationOperation>();
        foreach (var consume in code.SelectMany(static body => body.ClientCalls).Where(one => call.Client.VerbOf(one) is ChannelVerb.Consume or ChannelVerb.Get))
        {
            if (consume.Argument("queue") is not { } queue)
                return new List<IInvocationOperation>();

            var found = call.Flow.QueuesAround(call.Invocation).Of(queue.Value, call.Flow)
                .Concat(call.Flow.Text(queue.Value) is { } name ? call.Flow.Topology.DeclarationsOf(name) : Array.Empty<IInvocationOperation>())
                .GroupBy(static one => one.Syntax).Select(static same => same.First()).ToList();
            if (found.Count == 0 || found.Any(one => call.Client.VerbOf(one) != ChannelVerb.DeclareQueue))
                return new List<IInvocationOperation>();
            all.AddRange(found);
        }

        return all;
    }

    /// <summary>Whether every one of them is declared in view with a dead-letter exchange.</summary>
    public static bool HaveDeadLetters(ChannelCall call) =>
        Declarations(call) is { Count: > 0 } declarations && declarations.All(one => new QueueSettings(one, call.Flow).Has(QueueSettings.DeadLetterExchange) == true);
}
