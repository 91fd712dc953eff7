using Microsoft.CodeAnalysis;
using Reliability.Generators.Model;
using Reliability.Generators.Parsing;

namespace Reliability.Generators;

/// <summary>A method with a handler attribute: its wrappers, or none where something is wrong with it.</summary>
internal sealed record MarkedMethod(EquatableArray<HandlerModel> Handlers)
{
    private static readonly MarkedMethod Nothing = new(default(EquatableArray<HandlerModel>));

    /// <summary>Reads a method once, however many handler attributes it has: at the first of them.</summary>
    public static MarkedMethod Read(GeneratorAttributeSyntaxContext found, string attribute, CancellationToken cancellationToken)
    {
        if (found.TargetSymbol is not IMethodSymbol method)
        {
            return Nothing;
        }

        var types = KnownTypes.Of(found.SemanticModel.Compilation);
        method = method.PartialDefinitionPart ?? method;
        return HandlerParser.AttributesOf(method, types).FirstOrDefault()?.AttributeClass?.ToDisplayString() == attribute
            ? new MarkedMethod(new HandlerParser(types, [], cancellationToken).Parse(method).ToEquatableArray())
            : Nothing;
    }
}
