using Microsoft.CodeAnalysis;
using Reliability.Generators.Parsing;

namespace Reliability.Generators.CodeFixes;

/// <summary>A type that a JSON context lacks, as the analyzer names it.</summary>
/// <param name="Type">The type, as C#.</param>
/// <param name="Context">The context's metadata name.</param>
internal sealed record MissingType(string Type, string Context)
{
    public string ShortType => Short(Type);

    public string ShortContext => Short(Context);

    public static MissingType? In(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(MessageParser.TypeProperty, out var type) && type is not null
        && diagnostic.Properties.TryGetValue(MessageParser.ContextProperty, out var context) && context is not null
            ? new MissingType(type, context)
            : null;

    private static string Short(string name) => name.Substring(name.LastIndexOfAny(['.', '+', ':']) + 1);
}
