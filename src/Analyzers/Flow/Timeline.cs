using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// Walks one body in the order in which it runs, but only over the branches that hold something of interest, and notes what is known at each use.
/// Branches join, loops run until nothing new can come (twice: an effect depends on no more than what came before it), catch blocks start from
/// anything their try block may have left behind, lambdas run at any time after they are made, local functions where they are called.
/// </summary>
internal sealed partial class Timeline
{
    private readonly Dictionary<IOperation, List<IOperation>> _inside = new();
    private readonly Dictionary<IOperation, Func<Outcomes, Outcomes>> _effects;
    private readonly HashSet<IOperation> _watched;
    private readonly Dictionary<IOperation, Outcomes> _seen = new();
    private readonly Dictionary<ISymbol, ILocalFunctionOperation> _functions = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _running = new(SymbolEqualityComparer.Default);
    private readonly HashSet<IOperation> _included = new();
    private readonly HashSet<IOperation> _left = new();
    private readonly Stack<Jumps> _jumps = new();

    private Outcomes? _raised;
    private Outcomes? _returned;

    private Timeline(IEnumerable<IOperation> watched, Dictionary<IOperation, Func<Outcomes, Outcomes>> effects)
    {
        _watched = new HashSet<IOperation>(watched);
        _effects = effects;
    }

    /// <summary>What is known at each watched use that can be reached, and (as the result) at the body's end; null if it has none.</summary>
    public static Outcomes? Run(
        Body body,
        IOperation function,
        Outcomes entry,
        IReadOnlyCollection<IOperation> watched,
        Dictionary<IOperation, Func<Outcomes, Outcomes>> effects,
        out IReadOnlyDictionary<IOperation, Outcomes> seen)
    {
        var timeline = new Timeline(watched, effects);
        foreach (var use in watched.Concat(effects.Keys))
            timeline.Include(use, body);
        if (timeline._inside.ContainsKey(function))
            timeline.IncludeAll(body.Returns(function), body);

        foreach (var inside in timeline._inside.Values)
            inside.Sort(static (one, other) => one.Syntax.SpanStart.CompareTo(other.Syntax.SpanStart));

        var end = timeline.Walk(function is ILocalFunctionOperation { Body: { } own } ? own : function, entry);
        seen = timeline._seen;
        return Outcomes.Join(end, timeline._returned);
    }

    /// <summary>Takes an operation and all around it into the walk; a local function is entered at its calls, so these are taken in too.</summary>
    private void Include(IOperation operation, Body body)
    {
        for (var inner = operation; inner.Parent is { } outer; inner = outer)
        {
            if (!_included.Add(inner))
                return;

            if (!_inside.TryGetValue(outer, out var siblings))
                _inside.Add(outer, siblings = new List<IOperation>());
            siblings.Add(inner);

            // Where a path leaves a loop or a switch early, its state goes along.
            if (outer is ILoopOperation or ISwitchOperation && _left.Add(outer))
                IncludeAll(body.Jumps(outer), body);

            if (outer is ILocalFunctionOperation function && !_functions.ContainsKey(function.Symbol))
            {
                _functions.Add(function.Symbol, function);
                IncludeAll(body.References(function.Symbol), body);
                IncludeAll(body.Returns(function), body);
            }
        }
    }

    private void IncludeAll(IEnumerable<IOperation> operations, Body body)
    {
        foreach (var operation in operations)
            Include(operation, body);
    }

    private Outcomes? Walk(IOperation operation, Outcomes? state)
    {
        state = operation switch
        {
            ILocalFunctionOperation => state,
            IAnonymousFunctionOperation lambda => Outcomes.Join(state, Later(lambda, lambda.Body, state)),
            IConditionalOperation conditional => WalkConditional(conditional, state),
            ILoopOperation loop => WalkLoop(loop, state),
            ISwitchOperation choice => WalkSwitch(choice, state),
            ISwitchExpressionOperation choice => WalkArms(choice, state),
            ITryOperation attempt => WalkTry(attempt, state),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } binary =>
                WalkMaybe(binary.LeftOperand, binary.RightOperand, state),
            ICoalesceOperation coalesce => WalkMaybe(coalesce.Value, coalesce.WhenNull, state),
            ICoalesceAssignmentOperation coalesce => WalkMaybe(coalesce.Target, coalesce.Value, state),
            IConditionalAccessOperation access => WalkMaybe(access.Operation, access.WhenNotNull, state),
            _ => WalkInside(operation, state),
        };

        if (state is not null && _watched.Contains(operation))
            _seen[operation] = _seen.TryGetValue(operation, out var before) ? before | state : state;

        if (state is not null && _effects.TryGetValue(operation, out var effect))
        {
            state = effect(state);
            _raised = Outcomes.Join(_raised, state);
        }

        return operation switch
        {
            IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } method } => Call(method, state),
            IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } method } reference when Function(method) is { Body: { } body } =>
                Outcomes.Join(state, Guarded(method, () => Later(reference, body, state))),
            _ => Leave(operation, state),
        };
    }

    /// <summary>Walks a part that may hold nothing of interest; what matters then is only whether it ends by leaving.</summary>
    private Outcomes? Pass(IOperation? operation, Outcomes? state)
    {
        if (operation is null || state is null)
            return state;

        return _inside.ContainsKey(operation) || _effects.ContainsKey(operation) || _watched.Contains(operation) || operation is IReturnOperation or IBranchOperation
            ? Walk(operation, state)
            : Leave(operation, state);
    }

    private Outcomes? WalkInside(IOperation operation, Outcomes? state)
    {
        if (_inside.TryGetValue(operation, out var inside))
        {
            foreach (var part in inside)
            {
                if (state is null)
                    break;
                state = Walk(part, state);
            }
        }

        return state;
    }

    private Outcomes? Call(IMethodSymbol method, Outcomes? state) =>
        Function(method) is { Body: { } body } ? Guarded(method, () => Enter(body, state)) ?? state : state;

    /// <summary>A body that runs at some time from here on: all that the rest of the method does may have been done by then.</summary>
    private Outcomes? Later(IOperation maker, IOperation body, Outcomes? state)
    {
        if (state is null)
            return null;

        var inLoop = false;
        for (var outer = maker.Parent; outer is not null && !inLoop; outer = outer.Parent)
            inLoop = outer is ILoopOperation;

        var entry = state;
        foreach (var effect in _effects)
        {
            var site = effect.Key.Syntax;
            if (!body.Syntax.Span.Contains(site.Span) && (inLoop || site.SpanStart >= maker.Syntax.Span.End))
                entry |= effect.Value(entry);
        }

        return Enter(body, entry);
    }

    private Outcomes? Enter(IOperation body, Outcomes? state)
    {
        var returned = _returned;
        _returned = null;
        var end = Outcomes.Join(Pass(body, state), _returned);
        _returned = returned;
        return end;
    }

    private Outcomes? Guarded(ISymbol function, Func<Outcomes?> walk)
    {
        if (!_running.Add(function))
            return null;

        var end = walk();
        _running.Remove(function);
        return end;
    }

    private ILocalFunctionOperation? Function(IMethodSymbol method) =>
        _functions.TryGetValue(method.OriginalDefinition, out var function) ? function : null;

    /// <summary>Follows a jump at the end of a statement; null where the path goes on elsewhere.</summary>
    private Outcomes? Leave(IOperation operation, Outcomes? state)
    {
        switch (operation)
        {
            case IBlockOperation { Operations: { Length: > 0 } statements }:
                var last = statements.LastOrDefault(static statement => statement is not ILocalFunctionOperation);
                return last is null || _inside.ContainsKey(last) ? state : Leave(last, state);
            case IUsingOperation resource:
                return _inside.ContainsKey(resource.Body) ? state : Leave(resource.Body, state);
            case ILockOperation section:
                return _inside.ContainsKey(section.Body) ? state : Leave(section.Body, state);
            case IConditionalOperation { Type: null, WhenFalse: { } whenFalse } either when !_inside.ContainsKey(either):
                return Outcomes.Join(Leave(either.WhenTrue, state), Leave(whenFalse, state));
            case IReturnOperation { Kind: OperationKind.Return }:
                _returned = Outcomes.Join(_returned, state);
                return null;
            case IThrowOperation:
                return null;
            case IBranchOperation { BranchKind: BranchKind.Break } when _jumps.Count > 0:
                _jumps.Peek().Broken = Outcomes.Join(_jumps.Peek().Broken, state);
                return null;
            case IBranchOperation { BranchKind: BranchKind.Continue } when _jumps.FirstOrDefault(static one => one.IsLoop) is { } loop:
                loop.Continued = Outcomes.Join(loop.Continued, state);
                return null;
            default:
                return state;
        }
    }

    private sealed class Jumps(bool isLoop)
    {
        public bool IsLoop { get; } = isLoop;

        public Outcomes? Broken { get; set; }

        public Outcomes? Continued { get; set; }
    }
}
