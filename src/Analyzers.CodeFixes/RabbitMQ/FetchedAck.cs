using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>The ack of a message that <c>BasicGet</c> fetched into a local: the last step of the block that works on it.</summary>
internal static class FetchedAck
{
    /// <summary>Adds the ack, unless this file settles anything by itself or may leave the block with the message unfinished.</summary>
    public static void Add(DocumentEdits edits, IInvocationOperation fetch)
    {
        if (fetch.TargetMethod.Name is not ("BasicGet" or "BasicGetAsync") || fetch.Syntax is not InvocationExpressionSyntax call
            || edits.Receiver(fetch) is not { } channel || !CallEdits.IsRepeatable(channel)
            || LastStep.Of(call) is not { } step || HandlerAck.Settles(edits.Root) || LeavesEarly(step))
        {
            return;
        }

        var ack = fetch.TargetMethod.Name == "BasicGet"
            ? $"{channel.WithoutTrivia()}.BasicAck({step.Received}.DeliveryTag, multiple: false);"
            : $"await {channel.WithoutTrivia()}.BasicAckAsync({step.Received}.DeliveryTag, multiple: false);";
        step.Append(edits, mayBeNull: true, ack);
    }

    private static bool LeavesEarly(LastStep step) => step.Steps()
        .SelectMany(statement => statement.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        .Any(node => node is ReturnStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or GotoStatementSyntax);
}
