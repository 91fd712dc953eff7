using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// Every queue that the compilation declares. Read once, when the first question is asked: files are searched for the names of the client's calls, and only the methods around
/// those are read.
/// </summary>
internal sealed class Topology
{
    private const string Marker = "QueueDeclare";

    private readonly Dictionary<string, List<IInvocationOperation>> _byName = new(StringComparer.Ordinal);
    private readonly bool _hasUnknownNames;

    public Topology(Compilation compilation, CompilationFlow flow)
    {
        foreach (var call in compilation.SyntaxTrees.SelectMany(tree => Declarations(tree, flow)))
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

    private static IEnumerable<IInvocationOperation> Declarations(SyntaxTree tree, CompilationFlow flow)
    {
        if (!SourceSearch.Mentions(tree.GetText(), Marker))
            return Enumerable.Empty<IInvocationOperation>();

        var bodies = tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(static name => name.Identifier.ValueText.StartsWith(Marker, StringComparison.Ordinal))
            .Select(SourceSearch.CodeAround).OfType<SyntaxNode>().Distinct().Select(flow.BodyOf).OfType<Body>();
        return bodies.SelectMany(static body => body.ClientCalls)
            .Where(call => flow.Types.ClientOf(call.TargetMethod)?.VerbOf(call) is ChannelVerb.DeclareQueue or ChannelVerb.DeclarePassive && call.Argument("queue") is not null);
    }

    private void Add(string name, IInvocationOperation call)
    {
        if (!_byName.TryGetValue(name, out var calls))
            _byName.Add(name, calls = new List<IInvocationOperation>());
        calls.Add(call);
    }
}
