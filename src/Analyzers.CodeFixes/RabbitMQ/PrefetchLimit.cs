using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>The limit that a consumer who acks by hand needs on its channel.</summary>
internal static class PrefetchLimit
{
    public const int Count = 50;

    /// <summary>Adds the limit where the channel is in view and has none.</summary>
    public static void AddIfMissing(DocumentEdits edits, IInvocationOperation consume)
    {
        if (CompilationFlow.Of(edits.Model.Compilation) is not { } flow || flow.Types.ClientOf(consume.TargetMethod) is not { } client || client.VerbOf(consume) != ChannelVerb.Consume)
            return;

        var channel = Channels.Of(consume, client, flow);
        if (channel.IsKnown && !channel.Does(ChannelVerb.Prefetch))
            Add(edits, consume, () => edits.Claim(channel.Creations[0].Syntax));
    }

    /// <summary>A channel that several consumers share is limited once.</summary>
    /// <param name="edits">The document with the call.</param>
    /// <param name="consume">The call that starts the consumer.</param>
    /// <param name="claim">Claims the channel; false where another consumer on it has had it limited.</param>
    public static void Add(DocumentEdits edits, IInvocationOperation consume, Func<bool> claim)
    {
        if (consume.Syntax is not InvocationExpressionSyntax call || edits.Receiver(consume) is not { } channel || !CallEdits.IsRepeatable(channel) || !StatementEdits.CanPrecede(call))
            return;

        var isAsync = consume.TargetMethod.Name.EndsWith("Async", StringComparison.Ordinal);
        if (isAsync && !FunctionEnding.IsInAsync(call))
            return;

        if (claim())
        {
            edits.Statements.Before(
                call, isAsync
                    ? $"await {channel.WithoutTrivia()}.BasicQosAsync(prefetchSize: 0, prefetchCount: {Count}, global: false);"
                    : $"{channel.WithoutTrivia()}.BasicQos(prefetchSize: 0, prefetchCount: {Count}, global: false);");
        }
    }
}
