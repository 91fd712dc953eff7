using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>How each kind of branch forks and joins what is known.</summary>
internal sealed partial class Timeline
{
    private Outcomes? WalkMaybe(IOperation always, IOperation maybe, Outcomes? state)
    {
        state = Pass(always, state);
        return Outcomes.Join(state, Pass(maybe, state));
    }

    private Outcomes? WalkConditional(IConditionalOperation conditional, Outcomes? state)
    {
        state = Pass(conditional.Condition, state);
        var condition = conditional.Condition.ConstantValue;
        var whenTrue = condition is { HasValue: true, Value: false } ? null : Pass(conditional.WhenTrue, state);
        var whenFalse = condition is { HasValue: true, Value: true } ? null : Pass(conditional.WhenFalse, state);
        return Outcomes.Join(whenTrue, whenFalse);
    }

    private Outcomes? WalkLoop(ILoopOperation loop, Outcomes? state)
    {
        var (condition, atTop) = loop switch
        {
            IWhileLoopOperation repeat => (repeat.Condition, repeat.ConditionIsTop),
            IForLoopOperation count => (count.Condition, true),
            _ => (null, true),
        };
        var endless = loop is not IForEachLoopOperation && condition is null or { ConstantValue: { HasValue: true, Value: true } };

        if (loop is IForEachLoopOperation each)
            state = Pass(each.Collection, state);
        if (loop is IForLoopOperation { Before: var preparations })
        {
            foreach (var preparation in preparations)
                state = Pass(preparation, state);
        }

        var jumps = new Jumps(isLoop: true);
        _jumps.Push(jumps);
        var entry = atTop ? Pass(condition, state) : state;
        Outcomes? last = null;
        for (var round = 0; round < 2; round++)
        {
            last = Outcomes.Join(Pass(loop.Body, entry), jumps.Continued);
            if (loop is IForLoopOperation counted)
            {
                foreach (var step in counted.AtLoopBottom)
                    last = Pass(step, last);
            }

            last = Pass(condition, last);
            var again = Outcomes.Join(entry, last);
            if (again is null || (entry is not null && again.Equals(entry)))
                break;
            entry = again;
        }

        _jumps.Pop();
        return Outcomes.Join(endless ? null : atTop ? entry : last, jumps.Broken);
    }

    private Outcomes? WalkSwitch(ISwitchOperation choice, Outcomes? state)
    {
        state = Pass(choice.Value, state);
        var jumps = new Jumps(isLoop: false);
        _jumps.Push(jumps);
        Outcomes? end = null;
        var hasDefault = false;
        foreach (var section in choice.Cases)
        {
            var at = state;
            foreach (var clause in section.Clauses)
            {
                hasDefault |= clause is IDefaultCaseClauseOperation;
                at = Pass(clause, at);
            }

            foreach (var statement in section.Body)
                at = Pass(statement, at);
            end = Outcomes.Join(end, at);
        }

        _jumps.Pop();
        return Outcomes.Join(Outcomes.Join(end, jumps.Broken), hasDefault ? null : state);
    }

    private Outcomes? WalkArms(ISwitchExpressionOperation choice, Outcomes? state)
    {
        state = Pass(choice.Value, state);
        Outcomes? end = null;
        foreach (var arm in choice.Arms)
            end = Outcomes.Join(end, Pass(arm, state));
        return end ?? state;
    }

    private Outcomes? WalkTry(ITryOperation attempt, Outcomes? state)
    {
        var outer = _raised;
        _raised = state;
        var end = Pass(attempt.Body, state);
        var raised = _raised;
        foreach (var handler in attempt.Catches)
            end = Outcomes.Join(end, Pass(handler.Handler, raised));

        var failed = Outcomes.Join(raised, _raised);
        _raised = Outcomes.Join(outer, failed);
        if (attempt.Finally is null)
            return end;

        Pass(attempt.Finally, failed);
        return Pass(attempt.Finally, end);
    }
}
