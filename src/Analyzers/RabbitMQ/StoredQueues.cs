using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>Queues that write every message to disk, whatever its delivery mode: quorum queues and streams.</summary>
internal static class StoredQueues
{
    /// <summary>Whether a message goes straight to a queue that is declared in the same type as a quorum queue or stream.</summary>
    public static bool IsPublishedTo(ChannelCall call)
    {
        if (call.Text("exchange") is not "" || call.Argument("routingKey") is not { } route)
            return false;

        var name = call.Flow.Text(route.Value);
        var variable = route.Value.Unwrap().Symbol();
        foreach (var declaration in call.Flow.CallsAround(call.Invocation))
        {
            if (call.Client.VerbOf(declaration) != ChannelVerb.DeclareQueue || declaration.Argument("queue") is not { } queue)
                continue;

            var isSame = name is null
                ? variable is not null && Microsoft.CodeAnalysis.SymbolEqualityComparer.Default.Equals(queue.Value.Unwrap().Symbol(), variable)
                : call.Flow.Text(queue.Value) == name;
            if (isSame && declaration.Argument("arguments") is { } arguments && IsStored(Tracer.At(arguments.Value, new DictionarySetting(call.Flow.Types, "x-queue-type"), call.Flow), call.Flow))
                return true;
        }

        return false;
    }

    private static bool IsStored(Outcomes type, CompilationFlow flow) =>
        type.IsKnown && type.InOrder().All(one => one.Value is not null && flow.Text(one.Value) is "quorum" or "stream");
}
