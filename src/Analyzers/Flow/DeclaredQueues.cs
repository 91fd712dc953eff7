using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>The queue declarations of one type (or program), by the constant or the variable that names the queue. Read once, asked at every use of a queue.</summary>
internal sealed class DeclaredQueues
{
    private readonly Dictionary<string, List<IInvocationOperation>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<ISymbol, List<IInvocationOperation>> _byVariable = new(SymbolEqualityComparer.Default);

    private readonly List<IInvocationOperation> _all = new();

    public DeclaredQueues(IEnumerable<Body> bodies, CompilationFlow flow)
    {
        foreach (var call in bodies.SelectMany(static body => body.ClientCalls))
        {
            if (flow.Types.ClientOf(call.TargetMethod)?.VerbOf(call) != ChannelVerb.DeclareQueue || call.Argument("queue") is not { } queue)
                continue;

            _all.Add(call);
            if (flow.Text(queue.Value) is { } name)
                Add(_byName, name, call);
            if (queue.Value.Unwrap().Symbol() is { } variable)
                Add(_byVariable, variable, call);
        }
    }

    /// <summary>Every declaration.</summary>
    public IReadOnlyList<IInvocationOperation> All => _all;

    /// <summary>The declarations of the queue that an expression names.</summary>
    public IEnumerable<IInvocationOperation> Of(IOperation queue, CompilationFlow flow)
    {
        if (queue.Unwrap().Symbol() is { } variable && _byVariable.TryGetValue(variable, out var same))
            return same;

        return flow.Text(queue) is { } name && _byName.TryGetValue(name, out var named) ? named : Enumerable.Empty<IInvocationOperation>();
    }

    private static void Add<TKey>(Dictionary<TKey, List<IInvocationOperation>> calls, TKey key, IInvocationOperation call)
    {
        if (!calls.TryGetValue(key, out var found))
            calls.Add(key, found = new List<IInvocationOperation>());
        found.Add(call);
    }
}
