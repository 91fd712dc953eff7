using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace Microsoft.CodeAnalysis.Testing;

public abstract partial class AnalyzerTest<TVerifier>
{
    private void VerifyReported(ImmutableArray<Diagnostic> reported, ImmutableArray<DiagnosticResult> expected, IVerifier verifier)
    {
        var pairs = Pair(reported, expected);
        verifier.True(
            reported.Length == expected.Length && pairs.All(pair => pair is { Expected: not null, Reported: not null }),
            Describe(reported, expected, pairs));
        foreach (var (result, diagnostic) in pairs)
            DiagnosticVerifier?.Invoke(diagnostic!, result!.Value, verifier);
    }

    /// <summary>
    /// Gives every expected diagnostic a reported one of its own wherever that can be done for all of them: an expectation that says
    /// little must not take the one report that another, more exact one needs.
    /// </summary>
    private static List<(DiagnosticResult? Expected, Diagnostic? Reported)> Pair(
        ImmutableArray<Diagnostic> reported, ImmutableArray<DiagnosticResult> expected)
    {
        var owner = new int?[reported.Length];
        bool Claim(int wish, HashSet<int> seen)
        {
            for (var i = 0; i < reported.Length; i++)
            {
                if (Mismatch(expected[wish], reported[i]) is null && seen.Add(i) && (owner[i] is not { } other || Claim(other, seen)))
                {
                    owner[i] = wish;
                    return true;
                }
            }

            return false;
        }

        for (var wish = 0; wish < expected.Length; wish++)
            Claim(wish, []);
        var matched = owner.OfType<int>().ToHashSet();
        return
        [
            .. reported.Select((d, i) => (owner[i] is { } wish ? expected[wish] : (DiagnosticResult?)null, (Diagnostic?)d)),
            .. expected.Where((_, wish) => !matched.Contains(wish)).Select(d => ((DiagnosticResult?)d, (Diagnostic?)null)),
        ];
    }

    /// <summary>Says what is different, or null when the diagnostic is the expected one.</summary>
    private static string? Mismatch(DiagnosticResult expected, Diagnostic reported)
    {
        if (expected.Id != reported.Id)
            return "id";
        if (!expected.Options.HasFlag(DiagnosticOptions.IgnoreSeverity) && expected.Severity != reported.Severity)
            return $"severity is {reported.Severity}";
        if (expected.HasLocation ? !IsAt(expected.Spans[0], reported.Location) : reported.Location != Location.None)
            return "location";
        if (expected.HasLocation && !expected.Options.HasFlag(DiagnosticOptions.IgnoreAdditionalLocations)
            && !(expected.Spans.Length - 1 == reported.AdditionalLocations.Count
                && expected.Spans.Skip(1).Zip(reported.AdditionalLocations).All(pair => IsAt(pair.First, pair.Second))))
        {
            return $"additional locations are [{string.Join(", ", reported.AdditionalLocations.Select(l => l.GetLineSpan()))}]";
        }

        if (expected.Message is { } message)
            return message == reported.GetMessage(CultureInfo.InvariantCulture) ? null : "message";
        return expected.MessageArguments is not { Length: > 0 } arguments || arguments.Select(Text).SequenceEqual(Arguments(reported).Select(Text))
            ? null
            : $"arguments are ({string.Join(", ", Arguments(reported))})";

        static string Text(object? argument) => argument?.ToString() ?? "";
    }

    private static bool IsAt(DiagnosticLocation expected, Location reported)
    {
        var span = reported.GetLineSpan();
        return span.Path == expected.Span.Path
            && span.StartLinePosition == expected.Span.StartLinePosition
            && (expected.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength) || span.EndLinePosition == expected.Span.EndLinePosition);
    }

    private static readonly PropertyInfo ArgumentsProperty =
        typeof(Diagnostic).GetProperty("Arguments", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new InvalidOperationException("Microsoft.CodeAnalysis.Diagnostic has no Arguments any more");

    private static IReadOnlyList<object?> Arguments(Diagnostic diagnostic) => (IReadOnlyList<object?>)ArgumentsProperty.GetValue(diagnostic)!;

    private static string Describe(
        ImmutableArray<Diagnostic> reported, ImmutableArray<DiagnosticResult> expected, List<(DiagnosticResult? Expected, Diagnostic? Reported)> pairs)
    {
        var missing = pairs.Where(pair => pair.Reported is null).Select(pair => pair.Expected!.Value).ToArray();
        var lines = new List<string>
        {
            $"Mismatch between diagnostics: expected \"{expected.Length}\" actual \"{reported.Length}\"",
        };
        foreach (var unexpected in pairs.Where(pair => pair.Expected is null).Select(pair => pair.Reported!))
        {
            lines.Add($"  not expected: {unexpected.Location.GetLineSpan().Path}{unexpected.Location.GetLineSpan().Span}: "
                + $"{unexpected.Severity.ToString().ToLowerInvariant()} {unexpected.Id}: {unexpected.GetMessage(CultureInfo.InvariantCulture)}");
            lines.AddRange(missing.Where(near => near.Id == unexpected.Id).Select(near => $"    unlike {near}: {Mismatch(near, unexpected)}"));
        }

        lines.AddRange(missing.Select(result => $"  not reported: {result}"));
        return string.Join(Environment.NewLine, lines);
    }
}
