using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Reliability.Analyzers.Flow;

internal enum OutcomeKind
{
    /// <summary>Seen from its creation on, and never set.</summary>
    Unset,

    /// <summary>Set to a value that is in view.</summary>
    Set,

    /// <summary>Code or data out of view may have set it.</summary>
    Unknown,
}

/// <summary>One thing that may have happened to a value by the time it is used.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Value">The value, where it was set.</param>
/// <param name="Site">The assignment or call that set it, or the creation of the object on which it is unset.</param>
internal readonly record struct Outcome(OutcomeKind Kind, IOperation? Value, IOperation? Site);

/// <summary>All that may have happened on the paths to one use. Immutable.</summary>
internal sealed class Outcomes : IEquatable<Outcomes>
{
    public static readonly Outcomes Nothing = new(ImmutableHashSet<Outcome>.Empty);
    public static readonly Outcomes Unknown = Of(new Outcome(OutcomeKind.Unknown, null, null));

    /// <summary>More than the code that people write gives one value. What has more is Unknown, so that a join costs the same however long a method is.</summary>
    private const int Most = 64;

    private readonly ImmutableHashSet<Outcome> _all;

    private Outcomes(ImmutableHashSet<Outcome> all) => _all = all;

    public bool IsNothing => _all.IsEmpty;

    /// <summary>Whether every path is in view.</summary>
    public bool IsKnown => !_all.IsEmpty && !_all.Any(one => one.Kind == OutcomeKind.Unknown);

    public static Outcomes Of(Outcome one) => new(ImmutableHashSet.Create(one));

    public static Outcomes Unset(IOperation? site) => Of(new Outcome(OutcomeKind.Unset, null, site));

    public static Outcomes Set(IOperation value, IOperation? site) => Of(new Outcome(OutcomeKind.Set, value, site));

    /// <summary>Both paths' outcomes; null is a path that never gets here.</summary>
    public static Outcomes? Join(Outcomes? one, Outcomes? other) => one is null ? other : other is null ? one : one | other;

    public static Outcomes operator |(Outcomes one, Outcomes other)
    {
        if (ReferenceEquals(one, other) || other._all.IsEmpty)
            return one;

        if (one._all.IsEmpty)
            return other;

        var (more, fewer) = one._all.Count < other._all.Count ? (other, one) : (one, other);
        var all = more._all.Union(fewer._all);
        return ReferenceEquals(all, more._all) ? more : all.Count > Most ? Unknown : new Outcomes(all);
    }

    /// <summary>What is known after a value is given only to what was unset or null.</summary>
    public Outcomes Fill(Outcomes whenNull)
    {
        var kept = _all.Where(static one => one.Kind != OutcomeKind.Unset && one.Value is not { ConstantValue: { HasValue: true, Value: null } }).ToImmutableHashSet();
        return kept.Count == _all.Count && kept.Count > 0 && IsKnown && kept.All(static one => one.Value!.ConstantValue.HasValue) ? this : new Outcomes(kept) | whenNull;
    }

    public bool Equals(Outcomes? other) => other is not null && (ReferenceEquals(this, other) || _all.SetEquals(other._all));

    public override bool Equals(object? obj) => Equals(obj as Outcomes);

    public override int GetHashCode() => _all.Count;

    /// <summary>In the order of the source, so that reports are the same in every run.</summary>
    public ImmutableArray<Outcome> InOrder() => _all.Count < 2 ? _all.ToImmutableArray() :
        _all.OrderBy(one => one.Site?.Syntax.SyntaxTree.FilePath, StringComparer.Ordinal)
            .ThenBy(one => one.Site?.Syntax.SpanStart ?? -1)
            .ThenBy(one => one.Value?.Syntax.SpanStart ?? -1)
            .ToImmutableArray();
}
