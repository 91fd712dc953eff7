using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>One call on a channel, or of a method that the project names as its own acknowledgement, as a rule sees it.</summary>
internal sealed class ChannelCall(IInvocationOperation invocation, ChannelVerb verb, RabbitMqTypes client, CompilationFlow flow, RuleOptions options, Action<Diagnostic> report)
{
    public IInvocationOperation Invocation { get; } = invocation;

    public ChannelVerb Verb { get; } = verb;

    public RabbitMqTypes Client { get; } = client;

    public CompilationFlow Flow { get; } = flow;

    public RuleOptions Options { get; } = options;

    /// <summary>What is known of the channel.</summary>
    public ChannelFacts Channel => Channels.Of(Invocation, Client, Flow);

    public IArgumentOperation? Argument(string parameter) => Invocation.Argument(parameter);

    /// <summary>Whether an argument is known to be true; false where the overload has no such parameter.</summary>
    public bool IsTrue(string parameter) => Argument(parameter) is { } argument && Flow.Constant(argument.Value) is { HasValue: true, Value: true };

    /// <summary>Whether an argument is known to be false, or the overload has no such parameter.</summary>
    public bool IsFalse(string parameter) => Argument(parameter) is not { } argument || Flow.Constant(argument.Value) is { HasValue: true, Value: false };

    /// <summary>Whether an argument is there and known to have a value.</summary>
    public bool IsTrueOrFalse(string parameter, bool wanted) => Argument(parameter) is { } argument && Flow.Constant(argument.Value) is { HasValue: true, Value: bool value } && value == wanted;

    /// <summary>The only text that an argument may have, or null.</summary>
    public string? Text(string parameter) => Argument(parameter) is { } argument ? Flow.Text(argument.Value) : null;

    /// <summary>Reports a boolean argument that is wrong, if it is.</summary>
    public void ReportArgument(DiagnosticDescriptor rule, string parameter, bool wrong)
    {
        if (Argument(parameter) is not { } argument)
            return;

        var verdict = Flow.Judge(argument.Value, value => value is bool flag && flag == wrong);
        if (!verdict.IsReported)
            return;

        var cause = argument.IsOmitted() ? DiagnosticKeys.CauseOmitted : DiagnosticKeys.CauseWritten;
        var origin = verdict.Cause.Value?.Syntax.GetLocation();
        var place = Invocation.Place(argument);
        var elsewhere = argument.IsOmitted() || origin is null || origin.SourceSpan.IntersectsWith(place.SourceSpan) ? Enumerable.Empty<Location>() : new[] { origin };
        var says = argument.IsOmitted() ? $"'{parameter}' is left out and defaults to {Word(wrong)}" : $"'{parameter}' {verdict.Is} {Word(wrong)}";
        Report(rule, place, cause, parameter, verdict.Finding, elsewhere, says);
    }

    public void Report(DiagnosticDescriptor rule, Location place, string cause, string? member, Finding finding, IEnumerable<Location> elsewhere, params object[] arguments)
    {
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, Client.Key).Add(DiagnosticKeys.Cause, cause);
        if (member is not null)
            properties = properties.Add(DiagnosticKeys.Member, member);
        if (finding == Finding.Sometimes)
            properties = properties.Add(DiagnosticKeys.Sometimes, "true");
        report(Diagnostic.Create(rule, place, elsewhere, properties, arguments));
    }

    private static string Word(bool value) => value ? "true" : "false";
}
