using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2004: a record that is only in memory when its offset moves.</summary>
public sealed class BufferedBeforeCommit : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.BufferedBeforeCommit,
        Rules.KafkaConsuming,
        "The record is only in memory when its offset moves",
        "The record is handed to '{0}', which does not wait for its work, and its offset moves all the same: what is in memory when the process stops is never read again",
        "An in-memory queue, or a task that nobody awaits, outlives the commit. Commit an offset when the work of its record, and of all before it, is done: let the worker report back.");

    /// <summary>Creates the rule.</summary>
    public BufferedBeforeCommit()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (!use.MovesOffset || Settlement.OfOffset(use.Call, use.Flow) is not { } settlement || ConsumeLoops.Around(use.Call) is not { } loop)
            return;

        // A commit on some condition waits for a full batch, or for the workers.
        for (var outer = use.Call.Parent; outer is not null && !ReferenceEquals(outer, loop); outer = outer.Parent)
        {
            if (outer is IConditionalOperation or ISwitchOperation)
                return;
        }

        // Storing and committing the same record is one mistake.
        if (use.Flow.BodyAround(use.Call).KafkaCalls.Any(other => other.TargetMethod.Name is "Commit" or "StoreOffset" && other.Syntax.SpanStart < use.Call.Syntax.SpanStart
            && ReferenceEquals(ConsumeLoops.Around(other), loop) && ReferenceEquals(other.Parent?.Parent, use.Call.Parent?.Parent)))
        {
            return;
        }

        var data = settlement.Data();
        var buffer = loop.Descendants().OfType<IInvocationOperation>().FirstOrDefault(call =>
            call.Syntax.SpanStart < use.Call.Syntax.SpanStart && ReferenceEquals(call.Function(), settlement.Function) && Settlement.Mentions(call, data) && (Buffers(call) || Keeps(call, loop)));
        if (buffer is not null)
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, new[] { buffer.Syntax.GetLocation() }, buffer.TargetMethod.Name);
    }

    /// <summary>A queue is there to be worked off later; so is a list that outlives the turn and is the method's own.</summary>
    private static bool Keeps(IInvocationOperation call, ILoopOperation loop)
    {
        if (call.TargetMethod.ContainingNamespace?.ToDisplayString() != "System.Collections.Generic")
            return false;

        return call.TargetMethod.ContainingType.Name switch
        {
            "Queue" or "PriorityQueue" => call.TargetMethod.Name == "Enqueue",
            "List" or "ICollection" or "IList" => call.TargetMethod.Name == "Add" && call.Instance?.Unwrap() is ILocalReferenceOperation { Local.DeclaringSyntaxReferences: { Length: 1 } declared }
                && !loop.Syntax.Span.Contains(declared[0].Span),
            _ => false,
        };
    }

    private static bool Buffers(IInvocationOperation call)
    {
        var space = call.TargetMethod.ContainingNamespace?.ToDisplayString();
        return call.TargetMethod.Name switch
        {
            "Add" or "TryAdd" or "Enqueue" or "Push" => space == "System.Collections.Concurrent",
            "TryWrite" or "WriteAsync" => space == "System.Threading.Channels",
            "Post" or "SendAsync" => space == "System.Threading.Tasks.Dataflow",
            "Run" or "StartNew" or "QueueUserWorkItem" => space is not null && space.StartsWith("System.Threading", StringComparison.Ordinal) && call.IsDropped(),
            _ => false,
        };
    }
}
