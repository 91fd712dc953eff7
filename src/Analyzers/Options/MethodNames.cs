using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Options;

/// <summary>Methods by name: <c>Done</c>, <c>Acker.Done</c> or <c>Shop.Messaging.Acker.Done</c>, with <c>|</c> between them.</summary>
internal sealed class MethodNames
{
    public const string Allowed = "method names with | between them, each with or without its type and namespace: Done|Acker.Complete|Shop.Acker.Complete";

    private readonly ImmutableArray<string> _names;

    private MethodNames(ImmutableArray<string> names) => _names = names;

    public bool IsEmpty => _names.IsEmpty;

    public static bool TryParse(string text, out MethodNames names)
    {
        var parts = NameList.Split(text);
        names = new MethodNames(parts);
        return parts.All(static part => part.Split('.').All(static word => word.Length > 0 && !char.IsDigit(word[0]) && word.All(static letter => char.IsLetterOrDigit(letter) || letter == '_')));
    }

    /// <summary>Whether a method is one of them.</summary>
    public bool Contains(IMethodSymbol method)
    {
        foreach (var name in _names)
        {
            if (name.EndsWith(method.Name, StringComparison.Ordinal) && Matches(name, method))
                return true;
        }

        return false;
    }

    /// <summary>The calls of one of them in a piece of code.</summary>
    public IEnumerable<IInvocationOperation> In(IOperation code) =>
        IsEmpty ? Enumerable.Empty<IInvocationOperation>() : code.DescendantsAndSelf().OfType<IInvocationOperation>().Where(call => Contains(call.TargetMethod));

    private static bool Matches(string name, IMethodSymbol method)
    {
        var words = name.Split('.');
        ISymbol? symbol = method;
        for (var at = words.Length - 1; at >= 0; at--, symbol = symbol.ContainingSymbol)
        {
            if (symbol is null || symbol.Name != words[at])
                return false;
        }

        return true;
    }
}
