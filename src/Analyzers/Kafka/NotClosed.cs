using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2007: a consumer that goes without saying so.</summary>
public sealed class NotClosed : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.NotClosed,
        Rules.KafkaConsuming,
        "The consumer goes without closing",
        "This consumer is never closed: Dispose commits nothing and does not leave the group, so its last records are processed again, and its partitions stand still until the session times out (45 seconds)",
        "Close commits the offsets that are stored, and leaves the group at once. Dispose does neither. Call Close when the loop ends, in a finally block.");

    /// <summary>Creates the rule.</summary>
    public NotClosed()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (!use.Kafka.Builds(use.Call.TargetMethod) || !use.Kafka.IsConsumerBuilder(use.Call.TargetMethod.ContainingType))
            return;

        var life = Channels.OfBuilt(use.Call, use.Flow);
        if (life.IsKnown && Calls("Consume") && (!Calls("Assign") || Calls("Subscribe")) && !life.Calls.Any(static one => one.Call.TargetMethod.Name == "Close" && !IsBehindEndlessLoop(one.Call)))
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseMissing, null, Finding.Always, Enumerable.Empty<Location?>());

        bool Calls(string name) => life.Calls.Any(one => one.Call.TargetMethod.Name == name);
    }

    /// <summary>Whether a call stands where no path leads: behind a loop without an end.</summary>
    private static bool IsBehindEndlessLoop(IInvocationOperation call)
    {
        for (IOperation inner = call; inner.Parent is { } outer and not (IAnonymousFunctionOperation or ILocalFunctionOperation or ICatchClauseOperation); inner = outer)
        {
            if (outer is ITryOperation attempt && ReferenceEquals(attempt.Finally, inner))
                return false;
            if (outer is IBlockOperation block && block.Operations.Any(one => one.Syntax.SpanStart < inner.Syntax.SpanStart && one is IWhileLoopOperation { Condition.ConstantValue: { HasValue: true, Value: true } } loop
                && !loop.Descendants().Any(static one => one is IBranchOperation { BranchKind: BranchKind.Break or BranchKind.GoTo })))
            {
                return true;
            }
        }

        return false;
    }
}
