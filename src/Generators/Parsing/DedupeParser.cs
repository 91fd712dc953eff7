using Microsoft.CodeAnalysis;
using Reliability.Generators.Model;

namespace Reliability.Generators.Parsing;

/// <summary>Reads what identifies an operation: <c>DedupeKey</c>, <c>DedupeKeys</c>, <c>KeyMethod</c> or <c>DedupeByOffset</c>, and no two of them.</summary>
internal sealed class DedupeParser(KnownTypes types, List<Problem> problems, CancellationToken cancellationToken)
{
    /// <returns>Null for the message id or the offset, or where something is wrong, after saying what.</returns>
    public DedupeModel? Parse(AttributeData attribute, IMethodSymbol handler, ITypeSymbol message)
    {
        var (member, members, method) = (attribute.Named("DedupeKey") as string, attribute.NamedTexts("DedupeKeys"), attribute.Named("KeyMethod") as string);
        var ways = new[] { (member is null, "DedupeKey"), (members is null, "DedupeKeys"), (method is null, "KeyMethod"), (attribute.Named("DedupeByOffset") is not true, "DedupeByOffset") }
            .Where(way => !way.Item1)
            .Select(way => way.Item2)
            .ToList();
        if (ways.Count > 1)
        {
            var place = attribute.Place(ways[ways.Count - 1], cancellationToken);
            problems.Add(new Problem(HandlerRules.SeveralDedupeKeys, place, string.Join(" and ", ways), handler.ToText()));
            return null;
        }

        return (member, members, method) switch
        {
            ({ } path, _, _) => Members(attribute, message, "DedupeKey", [path]),
            (_, { } paths, _) => Members(attribute, message, "DedupeKeys", paths),
            (_, _, { } name) => Method(attribute, handler, message, name),
            _ => null,
        };
    }

    private DedupeModel? Members(AttributeData attribute, ITypeSymbol message, string setting, IReadOnlyList<string> paths)
    {
        var place = attribute.Place(setting, cancellationToken);
        if (paths.Count == 0)
        {
            problems.Add(new Problem(HandlerRules.EmptyName, place, "list of DedupeKeys"));
            return null;
        }

        foreach (var twice in paths.GroupBy(path => path).Where(same => same.Count() > 1))
        {
            problems.Add(new Problem(HandlerRules.KeyMemberTwice, place, twice.Key));
        }

        var keys = new KeyParser(types, problems);
        var parsed = paths.Distinct().Select(path => keys.Parse(message, path, setting, place)).OfType<KeyModel>().ToEquatableArray();
        return new DedupeModel(parsed, null);
    }

    private DedupeModel? Method(AttributeData attribute, IMethodSymbol handler, ITypeSymbol message, string name)
    {
        var candidates = handler.ContainingType.GetMembers(name).OfType<IMethodSymbol>().ToList();
        if (candidates.Any(candidate => candidate.ReturnType.IsBroken() || candidate.Parameters.Any(parameter => parameter.Type.IsBroken())))
        {
            return null; // The compiler says what is wrong.
        }

        if (candidates.FirstOrDefault(candidate => WhyUnusable(candidate, message) is null) is { } usable)
        {
            return new DedupeModel(default, new KeyMethodModel(handler.ContainingType.ToCode(), name.ToIdentifier(), usable.Parameters.Length == 2));
        }

        var reason = candidates.Count == 0 ? $"'{handler.ContainingType.ToText()}' has no such method" : WhyUnusable(candidates[0], message)!;
        problems.Add(new Problem(
            HandlerRules.KeyMethodUnusable, attribute.Place("KeyMethod", cancellationToken), name, handler.ToText(), reason, message.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        return null;
    }

    private string? WhyUnusable(IMethodSymbol method, ITypeSymbol message) => method switch
    {
        { MethodKind: not MethodKind.Ordinary } => "it is no ordinary method",
        { IsStatic: false } => "it is not static",
        { IsGenericMethod: true } => "it is generic",
        { ReturnType.SpecialType: not SpecialType.System_String } => $"it returns '{method.ReturnType.ToText()}', not a string",
        { RefKind: not RefKind.None } => "it returns by reference",
        _ when method.Parameters.Any(parameter => parameter.RefKind != RefKind.None) => "it takes a parameter by reference",
        _ when !types.Compilation.IsSymbolAccessibleWithin(method, types.Compilation.Assembly) => "it is not visible to generated code; make it internal or public",
        { Parameters: [var first] } when Takes(first, message) => null,
        { Parameters: [var first, var second] } when Takes(first, message) && second.Type.Is(types.Envelope) => null,
        _ => $"its parameters are not '{message.ToText()}' alone, or that and an Envelope",
    };

    // A base type or an interface of the message will do: several handlers can then share the method.
    private bool Takes(IParameterSymbol parameter, ITypeSymbol message)
    {
        var conversion = types.Compilation.ClassifyCommonConversion(message, parameter.Type);
        return conversion.IsIdentity || (conversion is { IsImplicit: true, IsUserDefined: false } && !parameter.Type.IsValueType);
    }
}
