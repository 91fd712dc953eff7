using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>Methods without a result that keep their failure to themselves: whoever calls one goes on as if the work were done.</summary>
internal static class SwallowingMethods
{
    private const int MaximumDepth = 3;

    private static readonly ConditionalWeakTable<SyntaxTree, ConcurrentDictionary<string, bool>> Words = new();

    /// <summary>Whether the file of a try statement spells a word at all: code that has nothing to do with a client is not read any further. Each file is searched once.</summary>
    public static bool IsNear(ITryOperation attempt, string word) =>
        attempt.Syntax.SyntaxTree is { } tree && Words.GetValue(tree, static _ => new ConcurrentDictionary<string, bool>(StringComparer.Ordinal)).GetOrAdd(word, key => SourceSearch.Mentions(tree.GetText(), key));

    /// <summary>The catch blocks of a try statement behind which its method ends normally, with the work undone and nobody told.</summary>
    public static IEnumerable<ICatchClauseOperation> Swallowing(ITryOperation attempt, CompilationFlow flow)
    {
        var dropping = attempt.Catches.Where(caught => SwallowedFailures.Drops(caught, null, flow)).ToList();
        if (dropping.Count == 0 || MethodAround(attempt) is null)
            return dropping.Take(0);

        var function = attempt.Function();
        var work = Work.In(attempt.Body, flow).Where(one => ReferenceEquals(one.Function(), function)).ToList();
        if (work.Count == 0)
            return dropping.Take(0);

        // A next attempt that goes well makes up for the one that failed.
        var effects = work.ToDictionary(static one => (IOperation)one, static _ => (Func<Outcomes, Outcomes>)(static _ => Outcomes.Unset(null)));
        foreach (var caught in dropping)
            effects[caught.Handler] = _ => Outcomes.Set(caught.Handler, caught);
        var end = Timeline.Run(flow.BodyAround(attempt), function, Outcomes.Unset(null), Array.Empty<IOperation>(), effects, out _);
        var reached = end?.InOrder().Select(static outcome => outcome.Site).OfType<ICatchClauseOperation>().ToList() ?? new List<ICatchClauseOperation>();
        return dropping.Where(caught => reached.Contains(caught) || caught.Handler.Descendants().Any(static one => one is IReturnOperation)).ToList();
    }

    /// <summary>What a caller of the method around settles after the call, as <paramref name="settledAfter"/> finds it; null where none in the method's own type does.</summary>
    public static IInvocationOperation? SettledByCaller(ITryOperation attempt, CompilationFlow flow, Func<IInvocationOperation, IInvocationOperation?> settledAfter) =>
        MethodAround(attempt) is { } method ? SettledByCaller(method, attempt, flow, settledAfter, 0) : null;

    private static IInvocationOperation? SettledByCaller(IMethodSymbol method, IOperation inside, CompilationFlow flow, Func<IInvocationOperation, IInvocationOperation?> settledAfter, int depth)
    {
        var scopes = method.MethodKind == MethodKind.LocalFunction ? new[] { flow.BodyAround(inside) } : flow.BodiesOf(method.ContainingType).Touching(method.OriginalDefinition);
        foreach (var use in scopes.SelectMany(scope => scope.References(method.OriginalDefinition)).OfType<IInvocationOperation>())
        {
            if (settledAfter(use) is { } settled)
                return settled;
            if (depth < MaximumDepth && MethodAround(use) is { } caller && !SymbolEqualityComparer.Default.Equals(caller, method) && !IsGuarded(use) && SettledByCaller(caller, use, flow, settledAfter, depth + 1) is { } further)
                return further;
        }

        return null;
    }

    /// <summary>The method or local function around, if it has no result and only its own type's code is asked for it.</summary>
    private static IMethodSymbol? MethodAround(IOperation operation)
    {
        var method = operation.Function() is ILocalFunctionOperation local ? local.Symbol
            : operation.Function() is IAnonymousFunctionOperation ? null
            : operation.SemanticModel?.GetEnclosingSymbol(operation.Syntax.SpanStart) as IMethodSymbol;
        return method is { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction, IsVirtual: false, IsOverride: false, ContainingType: not null }
            && (method.ReturnsVoid || method.ReturnType is INamedTypeSymbol { IsGenericType: false, Name: "Task" or "ValueTask" }) ? method : null;
    }

    /// <summary>Whether a call stands in a branch, where what it does may not be the whole work.</summary>
    private static bool IsGuarded(IOperation call)
    {
        for (var outer = call.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ICatchClauseOperation)
                return true;
        }

        return false;
    }
}
