using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1204: a publish whose message vanishes when no queue takes it.</summary>
public sealed class Unroutable : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.Unroutable,
        Rules.RabbitMqPublishing,
        "An unroutable message vanishes",
        "{0}",
        "A message that no binding of the exchange takes is dropped and still confirmed, unless it is published with mandatory: true; then the broker returns it. Version 6 hands returned messages to BasicReturn; "
        + "version 7 throws PublishException where confirmations are tracked, and raises BasicReturnAsync otherwise.");

    /// <summary>Creates the rule.</summary>
    public Unroutable()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Publish || Exchange(call) is not { Length: > 0 } exchange)
            return;

        if (call.Argument("mandatory") is not { } mandatory)
        {
            Report(call.Invocation.NameLocation(), DiagnosticKeys.CauseOmitted, Finding.Always, "'mandatory' is not asked for");
            return;
        }

        var verdict = call.Flow.Judge(mandatory.Value, static value => value is false);
        if (verdict.IsReported)
        {
            var omitted = mandatory.IsOmitted();
            Report(
                call.Invocation.Place(mandatory), omitted ? DiagnosticKeys.CauseOmitted : DiagnosticKeys.CauseWritten, verdict.Finding,
                omitted ? "'mandatory' is left out and defaults to false" : $"'mandatory' {verdict.Is} false");
        }
        else if (call.IsTrue("mandatory") && IsReturnLost(call))
        {
            call.Report(
                Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseMissing, "BasicReturn", Finding.Always, call.Channel.Creations.Select(static one => one.Syntax.GetLocation()),
                $"Nobody listens for returned messages on this channel: one that no queue bound to '{exchange}' takes comes back to nobody, and is lost");
        }

        void Report(Location place, string cause, Finding finding, string says) => call.Report(
            Rule, place, cause, IsReturnLost(call) ? "BasicReturn" : "mandatory", finding, Enumerable.Empty<Location>(), $"{says}: a message that no queue bound to '{exchange}' takes is dropped, and still confirmed");
    }

    /// <summary>
    /// Whether the channel is in view and nothing on it hears of a returned message. In version 7 a confirm that is missing, or not observed, is another rule's report: what mends that
    /// brings the returned messages along.
    /// </summary>
    private static bool IsReturnLost(ChannelCall call)
    {
        var channel = call.Channel;
        return channel.IsKnown && (call.Client.IsVersion7
            ? channel.Events.Contains("BasicAcksAsync") && !channel.Events.Contains("BasicReturnAsync") && ConfirmOptions.AreOff(channel, ConfirmOptions.Tracked, call.Flow)
            : !channel.Events.Contains("BasicReturn"));
    }

    /// <summary>The constant name of the exchange, or what it is called by where the same variable is declared or bound as an exchange; null where it may be the default one.</summary>
    private static string? Exchange(ChannelCall call)
    {
        if (call.Argument("addr") is { } address)
            return Part(address.Value, "exchangeName");

        if (call.Argument("exchange") is not { } exchange)
            return null;

        return call.Flow.Text(exchange.Value) ?? Part(exchange.Value, "value")
            ?? (exchange.Value.Unwrap().Symbol() is { } variable && call.Flow.Topology.IsExchange(variable) ? exchange.Value.Syntax.ToString() : null);

        string? Part(IOperation value, string parameter) =>
            Tracer.At(value, ItsOrigin.Instance, call.Flow).InOrder() is { Length: 1 } origins
            && (origins[0].Value as IObjectCreationOperation)?.Argument(parameter) is { } part ? call.Flow.Text(part.Value) : null;
    }
}
