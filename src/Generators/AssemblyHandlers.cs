using Reliability.Generators.Emitting;
using Reliability.Generators.Model;

namespace Reliability.Generators;

/// <summary>The handlers of an assembly that are written.</summary>
/// <param name="AnyMarked">True where any method is marked, also where none is written.</param>
/// <param name="Handlers">Those with nothing wrong, named.</param>
internal sealed record AssemblyHandlers(bool AnyMarked, EquatableArray<NamedHandler> Handlers)
{
    public static AssemblyHandlers From(IReadOnlyList<MarkedMethod> methods)
    {
        var handlers = HandlerConflicts.Without([.. methods.SelectMany(method => method.Handlers).Distinct()]);
        return new AssemblyHandlers(methods.Count > 0, Name(handlers).ToEquatableArray());
    }

    // Files are named like wrappers, so names that differ only in case are not enough.
    private static IEnumerable<NamedHandler> Name(IReadOnlyList<HandlerModel> handlers)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var handler in handlers)
        {
            var wanted = Identifiers.From(handler.DisplayName);
            var name = wanted;
            for (var i = 2; !taken.Add(name); i++)
            {
                name = $"{wanted}_{i}";
            }

            yield return new NamedHandler(name, handler);
        }
    }
}
