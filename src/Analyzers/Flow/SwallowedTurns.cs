using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>Methods that drop the failure of the record they were given by a consume loop, or took themselves, and tell nobody: the loop goes on to commit.</summary>
internal static class SwallowedTurns
{
    private const int MaximumDepth = 3;

    /// <summary>The commit that a consume loop makes after it called the method around an attempt with its record; null where no loop in view does.</summary>
    public static IInvocationOperation? CommitAfter(ITryOperation attempt, CompilationFlow flow)
    {
        var body = flow.BodyAround(attempt);
        if (MethodAround(attempt) is not { } method || !TellsNothing(method))
            return null;

        // What follows the attempt may do what is left to do.
        var given = Data(method, attempt.Function(), body);
        if (!Work.In(attempt.Body, flow).Any(call => Settlement.Mentions(call, given)))
            return null;

        // The commit of a later record covers this one, so that one inside the attempt counts too.
        var function = attempt.Function();
        var own = body.KafkaCalls.FirstOrDefault(call => call.TargetMethod.Name is "Commit" or "StoreOffset" && ReferenceEquals(call.Function(), function) && Settlement.Mentions(call, given));
        return AtCallers(method, body, own, flow, 0);
    }

    /// <summary>The commit of an attempt that takes a record, works and commits, in a method that a loop calls for every turn; null for any other attempt.</summary>
    public static IInvocationOperation? CommitInTurn(ITryOperation attempt, CompilationFlow flow)
    {
        var body = flow.BodyAround(attempt);
        var calls = body.KafkaCalls.Where(call => attempt.Body.Syntax.Span.Contains(call.Syntax.Span) && ConsumeLoops.Around(call) is null).ToList();
        return calls.Any(static call => call.TargetMethod.Name == "Consume") && calls.FirstOrDefault(static call => call.TargetMethod.Name is "Commit" or "StoreOffset") is { } commit
            && !body.KafkaCalls.Any(flow.ConsumeLoops.BuildsConsumer)
            && MethodAround(attempt) is { } method && TellsNothing(method)
            && (flow.UsesOf(method, body) ?? Array.Empty<IOperation>()).Any(static use => ConsumeLoops.Around(use) is not null) ? commit : null;
    }

    private static IInvocationOperation? AtCallers(IMethodSymbol method, Body body, IInvocationOperation? own, CompilationFlow flow, int depth)
    {
        foreach (var call in (flow.UsesOf(method, body) ?? Array.Empty<IOperation>()).OfType<IInvocationOperation>())
        {
            var around = flow.BodyAround(call);
            if (ConsumeLoops.Around(call) is { } loop && flow.ConsumeLoops.ConsumeIn(loop) is { } consume)
            {
                if (InLoop(call, consume, loop, around, own, flow) is { } commit)
                    return commit;
            }
            else if (depth < MaximumDepth && MethodAround(call) is { } outer && IsHandedOn(call, outer, around) && AtCallers(outer, around, own, flow, depth + 1) is { } commit)
            {
                return commit;
            }
        }

        return null;
    }

    /// <summary>The commit behind a call that does all the work of a loop's record, and whose answer nobody asks for.</summary>
    private static IInvocationOperation? InLoop(IInvocationOperation call, IInvocationOperation consume, ILoopOperation loop, Body body, IInvocationOperation? own, CompilationFlow flow)
    {
        // A task that nobody awaits is another matter.
        if (Use.OfValue(consume) is not { Member: ILocalSymbol record } || (call.IsDropped() && call.TargetMethod.ReturnType.Name is "Task" or "ValueTask"))
            return null;

        var data = new Settlement(consume, record, consume.Function(), body).Data();
        var commit = body.KafkaCalls.FirstOrDefault(one => one.TargetMethod.Name is "Commit" or "StoreOffset" && one.Syntax.SpanStart > call.Syntax.SpanStart && loop.Syntax.Span.Contains(one.Syntax.Span));
        if (commit is null || IsOnCondition(commit, loop, data, call))
            commit = own;
        if (commit is null || !Settlement.Mentions(call, data)
            || Work.In(loop, flow).Any(other => !ReferenceEquals(other, call) && Settlement.Mentions(other, data) && !other.Syntax.Span.Contains(call.Syntax.Span) && !IsAsked(other)))
        {
            return null;
        }

        return commit;
    }

    /// <summary>Whether a commit depends on more than that there is a record.</summary>
    private static bool IsOnCondition(IOperation commit, ILoopOperation loop, ISet<ISymbol> data, IInvocationOperation call)
    {
        var answer = Use.OfValue(call.Parent is IAwaitOperation awaited ? awaited : call).Member as ILocalSymbol;
        for (var outer = commit.Parent; outer is not null && !ReferenceEquals(outer, loop); outer = outer.Parent)
        {
            switch (outer)
            {
                case ICatchClauseOperation or IAnonymousFunctionOperation or ISwitchOperation or ILoopOperation:
                case IConditionalOperation { Condition: var asked } when asked.Syntax.Span.Contains(call.Syntax.Span) || !Settlement.Mentions(asked, data)
                    || (answer is not null && asked.DescendantsAndSelf().Any(one => SymbolEqualityComparer.Default.Equals(one.Symbol(), answer))):
                    return true;
            }
        }

        return false;
    }

    /// <summary>Whether a call only helps to decide: whether the record was handled before, whether it is meant for us.</summary>
    private static bool IsAsked(IOperation call)
    {
        IOperation inner = call;
        while (inner.Parent is IAwaitOperation or IUnaryOperation or IBinaryOperation or IConversionOperation or IIsPatternOperation
            || inner.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" })
        {
            inner = inner.Parent;
        }

        return inner.Parent is IConditionalOperation conditional && ReferenceEquals(conditional.Condition, inner);
    }

    private static bool IsHandedOn(IInvocationOperation call, IMethodSymbol outer, Body body) => Settlement.Mentions(call, Data(outer, call.Function(), body));

    /// <summary>A method's parameters, and all that was made from them.</summary>
    private static HashSet<ISymbol> Data(IMethodSymbol method, IOperation function, Body body)
    {
        var data = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var parameter in method.Parameters.Where(static one => one.Type.Name is not ("CancellationToken" or "IConsumer")))
            data.UnionWith(new Settlement(null!, parameter, function, body).Data());
        return data;
    }

    private static bool TellsNothing(IMethodSymbol method) =>
        method.ReturnsVoid || method.ReturnType is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.IsEmpty: true, ContainingNamespace.Name: "Tasks" };

    private static IMethodSymbol? MethodAround(IOperation operation) => operation.Function() switch
    {
        ILocalFunctionOperation local => local.Symbol,
        IMethodBodyOperation { SemanticModel: { } model, Syntax: var syntax } => model.GetDeclaredSymbol(syntax) as IMethodSymbol,
        IBlockOperation { SemanticModel: { } model, Syntax.Parent: { } syntax } => model.GetDeclaredSymbol(syntax) as IMethodSymbol,
        _ => null,
    };
}
