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

        return call.Flow.QueuesAround(call.Invocation).Of(route.Value, call.Flow).Any(declaration =>
            declaration.Argument("arguments") is { } arguments
            && IsStored(Tracer.At(arguments.Value, new DictionarySetting(call.Flow, "x-queue-type"), call.Flow), call.Flow));
    }

    private static bool IsStored(Outcomes type, CompilationFlow flow) =>
        type.IsKnown && type.InOrder().All(one => one.Value is not null && flow.Text(one.Value) is "quorum" or "stream");
}
