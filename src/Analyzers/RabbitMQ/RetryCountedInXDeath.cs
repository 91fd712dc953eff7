using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1209: a retry loop that counts its turns where nothing counts.</summary>
public sealed class RetryCountedInXDeath : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.RetryCountedInXDeath,
        Rules.RabbitMqPublishing,
        "The retry loop never ends on RabbitMQ 3.13 and newer",
        "The message is published again with the headers it came with, and its attempts are counted in 'x-death': from RabbitMQ 3.13 on the broker never raises that count for a republished message, so the loop does not end",
        "Only the broker writes x-death, and from RabbitMQ 3.13 on only when it dead-letters a message itself. Count attempts in a header of your own, or reject the message to a retry queue and let the broker dead-letter it back.");

    /// <summary>Creates the rule.</summary>
    public RetryCountedInXDeath()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Publish || (call.Argument("basicProperties") ?? call.Argument("properties")) is not { } properties || !CarriesReceivedHeaders(properties.Value, call))
            return;

        var type = properties.SemanticModel?.GetEnclosingSymbol(call.Invocation.Syntax.SpanStart)?.ContainingType;
        var code = type is null ? new[] { call.Flow.BodyAround(call.Invocation) } : call.Flow.BodiesOf(type).All;
        if (code.Any(static body => body.Root.Descendants().Any(static one => one is ILiteralOperation { ConstantValue: { HasValue: true, Value: "x-death" } })))
            call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseWritten, "x-death", Finding.Always, Enumerable.Empty<Location>());
    }

    private static bool CarriesReceivedHeaders(IOperation properties, ChannelCall call)
    {
        if (IsReceived(properties, "BasicProperties", call))
            return true;

        return Tracer.At(properties, new MessageProperty(call.Flow, call.Client, "Headers"), call.Flow).InOrder().Any(one => one.Value is { } headers && IsReceived(headers, "Headers", call))
            || Tracer.At(properties, ItsOrigin.Instance, call.Flow).InOrder().Any(one => one.Value is IObjectCreationOperation { Arguments: { Length: 1 } copied } && IsReceived(copied[0].Value, "BasicProperties", call));
    }

    /// <summary>Whether a value is read from a delivery: <c>ea.BasicProperties</c>, <c>ea.BasicProperties.Headers</c>.</summary>
    private static bool IsReceived(IOperation value, string member, ChannelCall call) => Tracer.At(value, ItsOrigin.Instance, call.Flow).InOrder().Any(one =>
        one.Value?.Unwrap() is IMemberReferenceOperation { Instance: { } instance } read
        && read.Member.Name == member
        && (member == "Headers" ? IsReceived(instance, "BasicProperties", call) : read.Member.ContainingType.Name is "BasicDeliverEventArgs" or "BasicGetResult"));
}
