using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>Whether a value is wrong, as far as can be shown.</summary>
internal enum Finding
{
    /// <summary>It is right, or it is not known to be wrong on every path in view.</summary>
    None,

    /// <summary>It is wrong on some paths, and known on all.</summary>
    Sometimes,

    /// <summary>It is wrong on every path.</summary>
    Always,
}

/// <summary>A judgement and the first place that it rests on.</summary>
internal readonly record struct Verdict(Finding Finding, Outcome Cause)
{
    public bool IsReported => Finding != Finding.None;

    /// <summary>For messages: "is" or "may be".</summary>
    public string Is => Finding == Finding.Sometimes ? "may be" : "is";
}

/// <summary>The constants that an expression may have.</summary>
internal static class ValueResolver
{
    /// <summary>Judges every constant that an expression may have. One that cannot be known makes the whole expression Unknown, which is never reported.</summary>
    public static Verdict Judge(this CompilationFlow flow, IOperation expression, Func<object?, bool> isWrong) =>
        Judge(Tracer.At(expression, ItsOrigin.Instance, flow), outcome => outcome.Constant() is { } constant ? isWrong(constant.Value) : null);

    /// <summary>
    /// Judges every constant that a setting of an object may have been given. <paramref name="isWrong"/> gets a null for a setting that was never set,
    /// and answers null for a constant that it cannot read.
    /// </summary>
    public static Verdict JudgeSetting(this CompilationFlow flow, IOperation target, Shape setting, Func<object?, bool?> isWrong) =>
        Judge(Tracer.At(target, setting, flow), outcome =>
        {
            if (outcome.Value is not { } value)
                return new[] { isWrong(null) };

            var values = Tracer.At(value, ItsOrigin.Instance, flow);
            return values.IsKnown ? values.InOrder().Select(one => one.Constant() is { } constant ? isWrong(constant.Value) : null) : new bool?[] { null };
        });

    /// <summary>The constants that an expression may have, or null where one of them cannot be known.</summary>
    public static IReadOnlyList<object?>? Constants(this CompilationFlow flow, IOperation expression)
    {
        var outcomes = Tracer.At(expression, ItsOrigin.Instance, flow);
        var values = outcomes.InOrder().Select(static one => one.Constant()).ToList();
        return outcomes.IsKnown && !values.Contains(null) ? values.Select(static one => one!.Value).ToList() : null;
    }

    /// <summary>Judges outcomes one by one; a null judgement means that one of them is Unknown.</summary>
    public static Verdict Judge(Outcomes outcomes, Func<Outcome, bool?> isWrong) => Judge(outcomes, outcome => new[] { isWrong(outcome) });

    private static Verdict Judge(Outcomes outcomes, Func<Outcome, IEnumerable<bool?>> isWrong)
    {
        if (!outcomes.IsKnown)
            return default;

        Outcome? wrong = null;
        var right = false;
        foreach (var outcome in outcomes.InOrder())
        {
            foreach (var judgement in isWrong(outcome))
            {
                switch (judgement)
                {
                    case null:
                        return default;
                    case true:
                        wrong ??= outcome;
                        break;
                    default:
                        right = true;
                        break;
                }
            }
        }

        return wrong is { } cause ? new Verdict(right ? Finding.Sometimes : Finding.Always, cause) : default;
    }

    /// <summary>The constant if an expression has only one, or null.</summary>
    public static Optional<object?> Constant(this CompilationFlow flow, IOperation expression)
    {
        var outcomes = Tracer.At(expression, ItsOrigin.Instance, flow);
        if (!outcomes.IsKnown)
            return default;

        var values = outcomes.InOrder().Select(static one => one.Constant()).Distinct().ToList();
        return values.Count == 1 && values[0] is { } only ? new Optional<object?>(only.Value) : default;
    }

    /// <summary>The text of an expression that has only one, or null.</summary>
    public static string? Text(this CompilationFlow flow, IOperation expression) => flow.Constant(expression) is { HasValue: true, Value: string text } ? text : null;

    /// <summary>The constant behind an outcome; a value in a box, as null is a constant too.</summary>
    private static StrongValue? Constant(this Outcome outcome) => outcome switch
    {
        { Kind: OutcomeKind.Set, Value: { ConstantValue: { HasValue: true } constant } } => new StrongValue(constant.Value),
        { Kind: OutcomeKind.Set, Value: IDefaultValueOperation { Type: { IsReferenceType: true } } } => new StrongValue(null),
        { Kind: OutcomeKind.Set, Value: IFieldReferenceOperation { Field: { Name: "Empty", ContainingType.SpecialType: SpecialType.System_String } } } => new StrongValue(""),
        _ => null,
    };

    private sealed record StrongValue(object? Value);
}
