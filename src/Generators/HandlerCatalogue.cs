using Microsoft.CodeAnalysis;
using Reliability.Generators.Model;
using Reliability.Generators.Parsing;

namespace Reliability.Generators;

/// <summary>Every handler of an assembly with nothing wrong of its own.</summary>
internal static class HandlerCatalogue
{
    public static IReadOnlyList<HandlerModel> Of(KnownTypes types, CancellationToken cancellationToken)
    {
        var parser = new HandlerParser(types, [], cancellationToken);
        return [.. MethodsIn(types.Compilation.Assembly.GlobalNamespace)
            .Where(method => HandlerParser.AttributesOf(method, types).Any())
            .SelectMany(method => parser.Parse(method))];
    }

    private static IEnumerable<IMethodSymbol> MethodsIn(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers())
        {
            if (member is IMethodSymbol method)
            {
                yield return method;
            }
            else if (member is INamespaceOrTypeSymbol inner)
            {
                foreach (var nested in MethodsIn(inner))
                {
                    yield return nested;
                }
            }
        }
    }
}
