using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Reliability.Generators.Parsing;

/// <summary>What the parser found wrong. The analyzer reports it; the generator only sees that there is something, and writes nothing.</summary>
internal sealed record Problem(DiagnosticDescriptor Rule, Location Location, ImmutableDictionary<string, string?> Properties, object[] Arguments)
{
    public Problem(DiagnosticDescriptor rule, Location location, params object[] arguments)
        : this(rule, location, ImmutableDictionary<string, string?>.Empty, arguments)
    {
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Location, Properties, Arguments);
}
