using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>What a dictionary (or a list or array of pairs) holds under one key: queue arguments, a builder's plain configuration.</summary>
internal record DictionarySetting(CompilationFlow Flow, string Key) : ObjectShape(Flow)
{
    public override Outcomes Made(IOperation origin, Func<IOperation, Outcomes> evaluate)
    {
        switch (origin)
        {
            case { ConstantValue: { HasValue: true, Value: null } }:
                return Outcomes.Unset(origin);
            case IObjectCreationOperation creation when IsCollection(creation.Type):
                var source = creation.Arguments.FirstOrDefault(static one => IsCollection(one.Value.Unwrap().Type));
                return source is null ? Outcomes.Unset(creation) : evaluate(source.Value);
            case IArrayCreationOperation { Initializer: { } elements } array:
                return elements.ElementValues.Aggregate(Outcomes.Unset(array), (before, element) => AddPair(element)?.Invoke(before) ?? before);
            default:
                return Outcomes.Unknown;
        }
    }

    /// <summary>The one name of a key that may have several.</summary>
    protected virtual string Canonical(string key) => key;

    protected override Func<Outcomes, Outcomes>? MemberSet(Use use) => use.Index is { } key ? SetKey(key, use.Value!, use.Site) : null;

    protected override Change Called(IInvocationOperation call)
    {
        if (!IsCollection(call.Receiver()?.Unwrap().Type) && !IsCollection(call.TargetMethod.ContainingType))
            return Change.NotFollowed;

        var arguments = call.Arguments;
        return call.TargetMethod.Name switch
        {
            "Add" or "TryAdd" when arguments.Length == 2 && call.Instance is not null => new Change(true, SetKey(arguments[0].Value, arguments[1].Value, call)),
            "Add" when arguments.Length == 1 => new Change(true, AddPair(arguments[0].Value)),
            "Remove" => Change.Of(before => IsKey(arguments[0].Value) switch { true => Outcomes.Unset(call), false => before, _ => Outcomes.Unknown }),
            "Clear" => Change.Of(_ => Outcomes.Unset(call)),
            "ContainsKey" or "TryGetValue" or "Contains" or "GetEnumerator" or "ToString" => Change.None,
            _ => Change.NotFollowed,
        };
    }

    /// <summary>Sets a value if the key is this one; a key that cannot be known may be.</summary>
    protected Func<Outcomes, Outcomes>? SetKey(IOperation key, IOperation value, IOperation site) => IsKey(key) switch
    {
        true => Becomes(value, site),
        false => null,
        _ => static _ => Outcomes.Unknown,
    };

    /// <summary>Whether a key is this one; null where it cannot be known.</summary>
    private bool? IsKey(IOperation key) =>
        (key.Unwrap().ConstantValue is { HasValue: true, Value: string text } ? text : Flow.Text(key)) is { } known ? Canonical(known) == Key : null;

    private Func<Outcomes, Outcomes>? AddPair(IOperation element) =>
        element.Unwrap() is IObjectCreationOperation { Type.Name: "KeyValuePair", Arguments: { Length: 2 } pair } creation
            ? SetKey(pair[0].Value, pair[1].Value, creation)
            : static _ => Outcomes.Unknown;

    private static bool IsCollection(ITypeSymbol? type) =>
        type is IArrayTypeSymbol or INamedTypeSymbol { Name: "Dictionary" or "IDictionary" or "List" or "ICollection" or "ConcurrentDictionary" or "SortedDictionary" or "IEnumerable" };
}
