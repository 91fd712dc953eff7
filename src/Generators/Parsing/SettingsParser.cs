using System.Globalization;
using Microsoft.CodeAnalysis;
using Reliability.Generators.Model;

namespace Reliability.Generators.Parsing;

/// <summary>Reads the settings of a handler attribute that go into its descriptor as they are.</summary>
internal sealed class SettingsParser(KnownTypes types, List<Problem> problems, CancellationToken cancellationToken)
{
    // What the runtime's timers can wait for: 2^32 - 2 milliseconds.
    private const double LongestTimeoutSeconds = 4_294_967;

    // A hundred years; no clock of a database objects.
    private const double LongestRetentionHours = 876_000;

    public SettingsModel Parse(AttributeData attribute, IMethodSymbol handler)
    {
        var deadLetterOn = Exceptions(attribute, "DeadLetterOn");
        var stopOn = Exceptions(attribute, "StopOn");
        foreach (var both in deadLetterOn.Where(type => stopOn.Contains(type, SymbolEqualityComparer.Default)))
        {
            problems.Add(new Problem(HandlerRules.ExceptionTwice, attribute.Place("StopOn", cancellationToken), both.ToText(), handler.ToText()));
        }

        return new SettingsModel(
            Limit(attribute, "Attempts"),
            Limit(attribute, "Group"),
            attribute.Named("DedupeByOffset") is true,
            FormerNames(attribute),
            Duration(attribute, "TimeoutSeconds", LongestTimeoutSeconds),
            Duration(attribute, "RetentionHours", LongestRetentionHours),
            deadLetterOn.Select(type => type.ToCode()).ToEquatableArray(),
            stopOn.Select(type => type.ToCode()).ToEquatableArray());
    }

    private int? Limit(AttributeData attribute, string setting)
    {
        var limit = attribute.Named(setting) as int?;
        if (limit < 1)
        {
            problems.Add(new Problem(HandlerRules.BelowOne, attribute.Place(setting, cancellationToken), setting, limit));
        }

        return limit;
    }

    /// <returns>Null for 0, which says what not writing it says.</returns>
    private double? Duration(AttributeData attribute, string setting, double longest)
    {
        if (attribute.Named(setting) is not double duration || duration == 0)
        {
            return null;
        }

        // Written this way round, NaN is out of range too.
        if (!(duration > 0 && duration <= longest))
        {
            var (value, most) = (duration.ToString(CultureInfo.InvariantCulture), longest.ToString(CultureInfo.InvariantCulture));
            problems.Add(new Problem(HandlerRules.DurationOutOfRange, attribute.Place(setting, cancellationToken), setting, value, most));
        }

        return duration;
    }

    private EquatableArray<string> FormerNames(AttributeData attribute)
    {
        var names = attribute.NamedTexts("FormerNames") ?? [];
        if (names.Any(string.IsNullOrWhiteSpace))
        {
            problems.Add(new Problem(HandlerRules.EmptyName, attribute.Place("FormerNames", cancellationToken), "handler's former name"));
        }

        return names.Distinct().ToEquatableArray();
    }

    private List<INamedTypeSymbol> Exceptions(AttributeData attribute, string setting)
    {
        var found = new List<INamedTypeSymbol>();
        foreach (var type in attribute.NamedTypes(setting).Where(type => IsUnbound(type) || !type.IsBroken()).Distinct<ITypeSymbol>(SymbolEqualityComparer.Default))
        {
            if (WhyNoException(type) is { } reason)
            {
                problems.Add(new Problem(HandlerRules.NoException, attribute.Place(setting, cancellationToken), setting, type.ToText(), reason));
            }
            else
            {
                found.Add((INamedTypeSymbol)type);
            }
        }

        return found;
    }

    private string? WhyNoException(ITypeSymbol type) => type switch
    {
        _ when !type.OriginalDefinition.DerivesFrom(types.Exception) => "is no exception: name a type that derives from System.Exception",
        _ when IsUnbound(type) => "is thrown only with its type arguments: name them, or a base type",
        INamedTypeSymbol { IsFileLocal: true } => "is visible in its own file only: make it internal",
        _ when !types.Compilation.IsSymbolAccessibleWithin(type, types.Compilation.Assembly) => "is not visible to generated code: make it internal or public",
        _ => null,
    };

    private static bool IsUnbound(ITypeSymbol type) => type is INamedTypeSymbol { IsUnboundGenericType: true };
}
