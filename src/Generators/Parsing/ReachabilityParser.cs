using Microsoft.CodeAnalysis;

namespace Reliability.Generators.Parsing;

/// <summary>Whether generated code in the same assembly can call a method, and how to mend it where it cannot.</summary>
internal sealed class ReachabilityParser(KnownTypes types, List<Problem> problems)
{
    public bool Check(IMethodSymbol method)
    {
        if (method.IsGenericMethod || Around(method).Any(type => type.IsGenericType))
        {
            problems.Add(new Problem(HandlerRules.Generic, method.Place(), method.ToText()));
            return false;
        }

        if (WhyUnreachable(method) is { } reason)
        {
            problems.Add(new Problem(HandlerRules.Unreachable, method.Place(), method.ToText(), reason));
            return false;
        }

        return true;
    }

    private string? WhyUnreachable(IMethodSymbol method)
    {
        if (method.MethodKind != MethodKind.Ordinary)
        {
            return "it is no ordinary method of a type; move its code to one";
        }

        if (Around(method).FirstOrDefault(type => type.IsFileLocal) is { } fileLocal)
        {
            return $"'{fileLocal.ToText()}' is visible in its own file only; make it internal";
        }

        if (!types.Compilation.IsSymbolAccessibleWithin(method, types.Compilation.Assembly))
        {
            var hidden = Around(method).FirstOrDefault(type => !types.Compilation.IsSymbolAccessibleWithin(type, types.Compilation.Assembly));
            return $"'{(hidden ?? (ISymbol)method).ToText()}' is not visible to it; make it internal or public";
        }

        return method switch
        {
            { IsStatic: true, IsAbstract: true } => "it has no body; mark the method that implements it",
            { IsStatic: true } => null,
            { ContainingType.TypeKind: TypeKind.Interface } => "it belongs to an interface; mark the method of the class that implements it",
            { ContainingType.TypeKind: TypeKind.Struct } => "it belongs to a struct, which cannot be a service; make the method static or the type a class",
            { ContainingType.IsAbstract: true } =>
                $"'{method.ContainingType.ToText()}' is abstract, so it cannot be a service; mark the method in a class that derives from it",
            _ => null,
        };
    }

    private static IEnumerable<INamedTypeSymbol> Around(IMethodSymbol method)
    {
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            yield return type;
        }
    }
}
