using Microsoft.CodeAnalysis;

namespace Reliability.Analyzers.Flow;

/// <summary>What comes out of a collection is what was put in: channels kept by name, or in a pool of one's own.</summary>
internal sealed partial class Tracer
{
    /// <summary>All that may have been put into a collection; null where an expression takes nothing out of one.</summary>
    private Outcomes? AtElements(IOperation expression, Shape shape)
    {
        if (shape is not ItsOrigin || ElementUse.CollectionBehind(expression, _flow) is not { } collection)
            return null;

        if (!_activeMembers.Add((collection, shape)))
        {
            // What is put back was taken out: it says nothing new.
            _cuts++;
            return Outcomes.Nothing;
        }

        var caller = _frame;
        _frame = null;
        var all = Outcomes.Nothing;
        var cuts = _cuts;
        var bodies = collection is ILocalSymbol ? new[] { _flow.BodyAround(expression) } : _flow.Touching(collection);
        foreach (var reference in bodies.SelectMany(body => body.References(collection)))
        {
            var use = ElementUse.Of(reference, _flow);
            all = use.IsFollowed ? use.Puts.Where(put => !IsBeingWorkedOut(put)).Aggregate(all, (known, put) => known | Evaluate(put, shape, held: null)) : Outcomes.Unknown;
            if (!use.IsFollowed)
                break;
        }

        _frame = caller;
        _activeMembers.Remove((collection, shape));

        // Nothing that goes in is known, unless all of it was what is asked about.
        return all.IsNothing && cuts == _cuts ? Outcomes.Unknown : all;
    }

    /// <summary>Whether the question is about this very variable: what it may hold besides, whoever asks will see.</summary>
    private bool IsBeingWorkedOut(IOperation put)
    {
        var isCycle = put.Unwrap().Symbol() is ILocalSymbol or IParameterSymbol && _active.Any(one => SymbolEqualityComparer.Default.Equals(one.Item1, put.Unwrap().Symbol()));
        if (isCycle)
            _cuts++;
        return isCycle;
    }
}
