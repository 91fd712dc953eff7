using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>Loops that take one record after the other from a Kafka consumer and move its offset, themselves or by methods in view.</summary>
internal sealed class ConsumeLoops(CompilationFlow flow)
{
    private const int MaximumDepth = 3;

    private readonly ConcurrentDictionary<IMethodSymbol, bool> _moving = new(SymbolEqualityComparer.Default);

    /// <summary>The innermost loop around an operation, in the same function.</summary>
    public static ILoopOperation? Around(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation loop)
                return loop;
        }

        return null;
    }

    /// <summary>
    /// Whether a loop takes a record in each turn from a consumer that outlives the turn. One that is built anew begins again behind the last commit, so that nothing is passed over.
    /// </summary>
    public IInvocationOperation? ConsumeIn(ILoopOperation loop)
    {
        var calls = flow.BodyAround(loop).KafkaCalls.Where(call => loop.Syntax.Span.Contains(call.Syntax.Span)).ToList();
        return calls.Any(BuildsConsumer) ? null : calls.FirstOrDefault(call => call.TargetMethod.Name == "Consume" && ReferenceEquals(Around(call), loop));
    }

    /// <summary>Whether a call builds a consumer.</summary>
    public bool BuildsConsumer(IInvocationOperation call) => flow.Types.Kafka is { } kafka && kafka.Builds(call.TargetMethod) && kafka.IsConsumerBuilder(call.TargetMethod.ContainingType);

    /// <summary>The first call in a piece of code that moves an offset, or comes down to one that does; null where there is none.</summary>
    public IInvocationOperation? CommitIn(IOperation code) =>
        flow.BodyAround(code).KafkaCalls.FirstOrDefault(call => Moves(call) && code.Syntax.Span.Contains(call.Syntax.Span))
        ?? code.Descendants().OfType<IInvocationOperation>().FirstOrDefault(call => Target(call) is { } method && Reaches(method, call, 1));

    /// <summary>The method in view that a call runs; null where it is out of view, or another may take its place.</summary>
    public static IMethodSymbol? Target(IInvocationOperation call) =>
        call.TargetMethod.OriginalDefinition is { IsAbstract: false, IsVirtual: false, MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction, DeclaringSyntaxReferences.IsEmpty: false } method ? method : null;

    private bool Reaches(IMethodSymbol method, IOperation caller, int depth)
    {
        if (_moving.TryGetValue(method, out var known))
            return known;

        var moves = false;
        if (method.MethodKind == MethodKind.LocalFunction)
            moves = flow.BodyAround(caller) is var around && around.Function(method) is { } function && around.KafkaCalls.Any(call => Moves(call) && function.Syntax.Span.Contains(call.Syntax.Span));
        else if (flow.BodyOf(method) is { } body)
            moves = body.KafkaCalls.Any(Moves) || (depth < MaximumDepth && body.Symbols.OfType<IMethodSymbol>().Any(inner => inner is { IsAbstract: false, IsVirtual: false, MethodKind: MethodKind.Ordinary } && Reaches(inner, body.Root, depth + 1)));

        // A no that was cut short by the depth is not kept.
        if (moves || depth == 1)
            _moving.TryAdd(method, moves);
        return moves;
    }

    private static bool Moves(IInvocationOperation call) => call.TargetMethod.Name is "Commit" or "StoreOffset" && KafkaTypes.IsConsumer(call.TargetMethod);
}
