using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>
/// Queues that live and die with one connection: exclusive, or named by the server. Their messages go with the process anyway, so rules about surviving it do not apply.
/// </summary>
internal static class ReplyQueues
{
    /// <summary>The broker's pseudo-queue for replies; consuming from it demands autoAck.</summary>
    private const string DirectReplyTo = "amq.rabbitmq.reply-to";

    /// <summary>Whether a queue argument names such a queue.</summary>
    public static bool IsReplyQueue(ChannelCall call, string parameter)
    {
        if (call.Argument(parameter) is not { } queue)
            return false;

        foreach (var outcome in Tracer.At(queue.Value, ItsOrigin.Instance, call.Flow).InOrder())
        {
            if (outcome.Value is not { } origin)
                continue;
            if (origin.ConstantValue is { HasValue: true, Value: string name } && (name.Length == 0 || name.StartsWith(DirectReplyTo, StringComparison.Ordinal)))
                return true;
            if (IsServerNamed(origin, call))
                return true;
        }

        return DeclaredExclusive(call, queue.Value);
    }

    /// <summary>Whether a queue is where answers come back to: its name, or the variable that holds it, says so, or messages ask for replies to it.</summary>
    public static bool IsForReplies(ChannelCall call, IOperation queue)
    {
        var names = new[] { call.Flow.Text(queue), queue.Unwrap().Symbol()?.Name };
        return names.Any(static name => name is not null && Words.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0));
    }

    private static readonly string[] Words = { "reply", "replies", "callback", "response", "rpc", "answer" };

    /// <summary>Whether a name is read from the answer to the declaration of a connection's own queue: <c>channel.QueueDeclare().QueueName</c>.</summary>
    private static bool IsServerNamed(IOperation origin, ChannelCall call)
    {
        if (origin is not IMemberReferenceOperation { Member.Name: "QueueName", Instance: { } answer })
            return false;

        foreach (var outcome in Tracer.At(answer, ItsOrigin.Instance, call.Flow).InOrder())
        {
            if (outcome.Value is IInvocationOperation declaration && IsOwn(declaration, call.Client, call.Flow))
                return true;
        }

        return false;
    }

    /// <summary>Whether the same variable, or the same constant, is declared as an exclusive queue in the same type.</summary>
    private static bool DeclaredExclusive(ChannelCall call, IOperation queue) =>
        call.Flow.QueuesAround(call.Invocation).Of(queue, call.Flow).Any(declaration => IsExclusive(declaration, call.Flow));

    private static bool IsOwn(IInvocationOperation call, RabbitMqTypes client, CompilationFlow flow) =>
        client.VerbOf(call) == ChannelVerb.DeclareQueue
        && ((call.Argument("queue") is { } queue && flow.Text(queue.Value) is "") || IsExclusive(call, flow));

    /// <summary>One with a name of its own that is exclusive only because nobody wrote otherwise is meant for others: that it goes with the connection is another rule's report.</summary>
    private static bool IsExclusive(IInvocationOperation declaration, CompilationFlow flow) =>
        declaration.Argument("exclusive") is { } exclusive && flow.Constant(exclusive.Value) is { HasValue: true, Value: true }
        && !(exclusive.IsOmitted() && declaration.Argument("queue") is { } queue && flow.Text(queue.Value) is { Length: > 0 });
}
