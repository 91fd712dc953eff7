using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
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
        if (!Mentions(tree.GetText(), Marker))
            return Enumerable.Empty<IInvocationOperation>();

        var bodies = tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(static name => name.Identifier.ValueText.StartsWith(Marker, StringComparison.Ordinal))
            .Select(CodeAround).OfType<SyntaxNode>().Distinct().Select(flow.BodyOf).OfType<Body>();
        return bodies.SelectMany(static body => body.ClientCalls)
            .Where(call => flow.Types.ClientOf(call.TargetMethod)?.VerbOf(call) is ChannelVerb.DeclareQueue or ChannelVerb.DeclarePassive && call.Argument("queue") is not null);
    }

    /// <summary>Searches a file without copying it as a whole.</summary>
    private static bool Mentions(SourceText text, string word)
    {
        var buffer = new char[4096];
        for (var start = 0; start < text.Length; start += buffer.Length - word.Length)
        {
            var length = Math.Min(buffer.Length, text.Length - start);
            text.CopyTo(start, buffer, 0, length);
            for (var at = Array.IndexOf(buffer, word[0], 0, length); at >= 0 && at + word.Length <= length; at = Array.IndexOf(buffer, word[0], at + 1, length - at - 1))
            {
                var same = 1;
                while (same < word.Length && buffer[at + same] == word[same])
                    same++;
                if (same == word.Length)
                    return true;
            }
        }

        return false;
    }

    /// <summary>The syntax that makes the body around a node.</summary>
    private static SyntaxNode? CodeAround(SyntaxNode node)
    {
        for (var outer = node.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax:
                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } }:
                case ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax }:
                    return outer;
                case GlobalStatementSyntax:
                    return outer.Parent;
            }
        }

        return null;
    }

    private void Add(string name, IInvocationOperation call)
    {
        if (!_byName.TryGetValue(name, out var calls))
            _byName.Add(name, calls = new List<IInvocationOperation>());
        calls.Add(call);
    }
}
