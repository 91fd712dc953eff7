using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>Catch blocks that drop a failure: they catch everything, and do nothing with it but look.</summary>
internal static class SwallowedFailures
{
    /// <summary>The catch blocks that a path takes from failed work to a message's ack.</summary>
    public static IEnumerable<ICatchClauseOperation> Before(Settlement settlement, CompilationFlow flow)
    {
        var swallowing = settlement.Function.Descendants().OfType<ITryOperation>()
            .Where(attempt => ReferenceEquals(attempt.Function(), settlement.Function) && Work.In(attempt.Body, flow).Any())
            .Where(attempt => !Decides(attempt, settlement))
            .SelectMany(static attempt => attempt.Catches)
            .Where(caught => Drops(caught, settlement.Call, flow))
            .ToList();
        if (swallowing.Count == 0)
            return swallowing;

        var inside = swallowing.FirstOrDefault(caught => caught.Syntax.Span.Contains(settlement.Call.Syntax.Span));
        if (inside is not null)
            return new[] { inside };

        var effects = swallowing.ToDictionary(static caught => (IOperation)caught.Handler, static caught => (Func<Outcomes, Outcomes>)(_ => Outcomes.Set(caught.Handler, caught)));
        Timeline.Run(settlement.Body, settlement.Function, Outcomes.Unset(null), new[] { settlement.Call }, effects, out var seen);
        return seen.TryGetValue(settlement.Call, out var known)
            ? known.InOrder().Select(static outcome => outcome.Site).OfType<ICatchClauseOperation>().ToList()
            : Enumerable.Empty<ICatchClauseOperation>();
    }

    /// <summary>
    /// Whether the ack is made only on a condition about something that the attempt sets: <c>success = true</c> as its last step, or a way out before the ack that asks whether it is still null.
    /// </summary>
    private static bool Decides(ITryOperation attempt, Settlement settlement)
    {
        var asked = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        for (var outer = settlement.Call.Parent; outer is not null && !ReferenceEquals(outer, settlement.Function); outer = outer.Parent)
        {
            var condition = outer switch { IConditionalOperation conditional => conditional.Condition, ISwitchOperation choice => choice.Value, _ => null };
            asked.UnionWith(condition?.DescendantsAndSelf().Select(static one => one.Symbol()).OfType<ISymbol>() ?? Enumerable.Empty<ISymbol>());
        }

        foreach (var way in settlement.Function.Descendants().OfType<IConditionalOperation>())
        {
            if (way.Syntax.SpanStart >= attempt.Syntax.Span.End && way.Syntax.Span.End <= settlement.Call.Syntax.SpanStart && way.WhenTrue.DescendantsAndSelf().Any(static one => one is IThrowOperation or IReturnOperation or IBranchOperation))
                asked.UnionWith(way.Condition.DescendantsAndSelf().Select(static one => one.Symbol()).OfType<ISymbol>());
        }

        return asked.Count > 0 && attempt.Body.Descendants().Any(one => one is IAssignmentOperation { Target: var target } && target.Symbol() is { } set && asked.Contains(set));
    }

    /// <summary>The try statement whose finally block acknowledges whatever happened, or null.</summary>
    public static ITryOperation? FinallyAround(Settlement settlement, CompilationFlow flow)
    {
        IOperation inner = settlement.Call;
        for (var outer = inner.Parent; outer is not null && !ReferenceEquals(inner, settlement.Function); inner = outer, outer = outer.Parent)
        {
            // Only on some condition: a flag may say that all went well.
            if (outer is IConditionalOperation or ISwitchOperation or ILoopOperation or ICatchClauseOperation or IAnonymousFunctionOperation)
                return null;

            if (outer is not ITryOperation { Finally: { } last } attempt || !ReferenceEquals(inner, last))
                continue;

            // An answer that tells of the failure, or anything else done about it, is not a swallowed one.
            var isHandled = attempt.Catches.Any(caught => !OnlyLooks(caught.Handler, null)) || Work.In(last, flow).Any(one => !ReferenceEquals(one, settlement.Call));
            return !isHandled && Work.In(attempt.Body, flow).Any() ? attempt : null;
        }

        return null;
    }

    /// <summary>Whether a catch block catches everything and drops it.</summary>
    public static bool Drops(ICatchClauseOperation caught, IInvocationOperation? ack, CompilationFlow flow) => Drops(caught, ack) && !Work.In(caught.Handler, flow).Any();

    /// <summary>Whether a catch block catches everything and only looks at it, whatever clients there are.</summary>
    public static bool Drops(ICatchClauseOperation caught, IInvocationOperation? ack = null) =>
        (caught.Filter is null || SparesCancellation(caught.Filter))
        && (caught.ExceptionType is null or { SpecialType: SpecialType.System_Object } || caught.ExceptionType is { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
        && OnlyLooks(caught.Handler, ack);

    /// <summary>Whether a filter lets nothing pass but the end of the program: <c>when (e is not OperationCanceledException)</c>, <c>when (!token.IsCancellationRequested)</c>.</summary>
    private static bool SparesCancellation(IOperation filter) => filter.Unwrap() switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: var operand } => operand.Unwrap() switch
        {
            IPropertyReferenceOperation { Property.Name: "IsCancellationRequested" } => true,
            IIsTypeOperation { TypeOperand.Name: "OperationCanceledException" or "TaskCanceledException" } => true,
            IIsPatternOperation { Pattern: ITypePatternOperation { MatchedType.Name: "OperationCanceledException" or "TaskCanceledException" } } => true,
            _ => false,
        },
        IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: ITypePatternOperation { MatchedType.Name: "OperationCanceledException" or "TaskCanceledException" } } } => true,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } both => SparesCancellation(both.LeftOperand) && SparesCancellation(both.RightOperand),
        _ => false,
    };

    /// <summary>Whether a block neither throws, nor settles otherwise, nor leaves a mark outside of itself.</summary>
    public static bool OnlyLooks(IBlockOperation block, IInvocationOperation? ack = null) => block.Descendants().All(one => one switch
    {
        IThrowOperation => false,
        IAssignmentOperation { Target: var target } => target is IDiscardOperation || (target is ILocalReferenceOperation { Local.DeclaringSyntaxReferences: var declared } && declared.Any(place => block.Syntax.Span.Contains(place.Span))),
        IIncrementOrDecrementOperation => false,
        IInvocationOperation call => ReferenceEquals(call, ack) || Work.OnlyLooks(call.TargetMethod),
        _ => true,
    });
}
