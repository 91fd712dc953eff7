using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// Every queue that the compilation declares, and what it calls exchanges. Read once, when the first question is asked: files are searched for the names of the client's calls, and only the methods around
/// those are read.
/// </summary>
internal sealed class Topology
{
    private const string Queues = "QueueDeclare";
    private static readonly string[] Exchanges = { "ExchangeDeclare", "QueueBind" };

    private readonly Dictionary<string, List<IInvocationOperation>> _byName = new(StringComparer.Ordinal);
    private readonly Lazy<HashSet<ISymbol>> _exchanges;
    private readonly bool _hasUnknownNames;

    public Topology(Compilation compilation, CompilationFlow flow)
    {
        _exchanges = new(() => new(compilation.SyntaxTrees.SelectMany(tree => Exchanges.SelectMany(marker => Calls(tree, marker, flow)))
            .Select(static call => call.Argument("exchange")?.Value.Unwrap().Symbol()).OfType<ISymbol>(), SymbolEqualityComparer.Default));
        foreach (var call in compilation.SyntaxTrees.SelectMany(tree => Calls(tree, Queues, flow)).Where(call => IsDeclaration(call, flow)))
        {
            if (call.Argument("queue") is { } queue && flow.Text(queue.Value) is { } name)
                Add(name, call);
            else
                _hasUnknownNames = true;
        }
    }

    /// <summary>The declarations of a queue, none where it is declared elsewhere.</summary>
    public IReadOnlyList<IInvocationOperation> DeclarationsOf(string queue) => _byName.TryGetValue(queue, out var calls) ? calls : Array.Empty<IInvocationOperation>();

    /// <summary>Whether the compilation declares a queue; null where a declaration's name is not known and may be this one.</summary>
    public bool? Declares(string queue) => _byName.ContainsKey(queue) ? true : _hasUnknownNames ? null : false;

    /// <summary>Whether a variable names an exchange that is declared or bound: it is not the default one, which can be neither.</summary>
    public bool IsExchange(ISymbol variable) => _exchanges.Value.Contains(variable);

    private static bool IsDeclaration(IInvocationOperation call, CompilationFlow flow) =>
        flow.Types.ClientOf(call.TargetMethod)?.VerbOf(call) is ChannelVerb.DeclareQueue or ChannelVerb.DeclarePassive && call.Argument("queue") is not null;

    /// <summary>The client's calls in the methods that spell the beginning of a name.</summary>
    private static IEnumerable<IInvocationOperation> Calls(SyntaxTree tree, string marker, CompilationFlow flow)
    {
        if (!SourceSearch.Mentions(tree.GetText(), marker))
            return Enumerable.Empty<IInvocationOperation>();

        var bodies = tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(name => name.Identifier.ValueText.StartsWith(marker, StringComparison.Ordinal))
            .Select(SourceSearch.CodeAround).OfType<SyntaxNode>().Distinct().Select(flow.BodyOf).OfType<Body>();
        return bodies.SelectMany(static body => body.ClientCalls).Where(call => call.TargetMethod.Name.StartsWith(marker, StringComparison.Ordinal));
    }

    private void Add(string name, IInvocationOperation call)
    {
        if (!_byName.TryGetValue(name, out var calls))
            _byName.Add(name, calls = new List<IInvocationOperation>());
        calls.Add(call);
    }
}
