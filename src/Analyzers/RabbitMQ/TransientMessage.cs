using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1201: a message that the broker keeps in memory only.</summary>
public sealed class TransientMessage : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.TransientMessage,
        Rules.RabbitMqPublishing,
        "The message does not survive a broker restart",
        "{0}: the broker keeps this message in memory only and loses it when it restarts, from a durable queue too",
        "Only messages with delivery mode 2 are written to disk in a classic queue; without properties, or with fresh ones, a message is transient. "
        + "Publish with properties whose Persistent is true.");

    /// <summary>Creates the rule.</summary>
    public TransientMessage()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Publish || IsReply(call) || StoredQueues.IsPublishedTo(call))
            return;

        var argument = call.Argument("basicProperties") ?? call.Argument("properties");
        if (argument is null)
        {
            call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseMissing, null, Finding.Always, Enumerable.Empty<Location>(), "Published without properties, so transient");
            return;
        }

        var verdict = call.Flow.JudgeSetting(argument.Value, new DeliveryMode(call.Flow, call.Client), DeliveryMode.IsTransient);
        if (verdict.IsReported)
            Report(call, argument, verdict);
    }

    private static void Report(ChannelCall call, IArgumentOperation argument, Verdict verdict)
    {
        var site = verdict.Cause.Site;
        var place = call.Invocation.Place(argument);
        if (site is null or IDefaultValueOperation or { ConstantValue: { HasValue: true } })
        {
            call.Report(Rule, place, DiagnosticKeys.CauseMissing, argument.Parameter?.Name, verdict.Finding, Enumerable.Empty<Location>(), "Published without properties, so transient");
            return;
        }

        var member = (site as ISimpleAssignmentOperation)?.Target is IMemberReferenceOperation { Member: var set } ? set.Name : "Persistent";
        var (cause, says) = verdict.Cause.Kind == OutcomeKind.Unset
            ? (DiagnosticKeys.CauseUnset, verdict.Finding == Finding.Always ? "These properties are never made persistent" : "These properties are not made persistent on every path")
            : (DiagnosticKeys.CauseWritten, $"'{member}' {verdict.Is} set to a transient value");
        call.Report(Rule, place, cause, member, verdict.Finding, new[] { site.Syntax.GetLocation() }, says);
    }

    /// <summary>A reply goes to the caller's own queue, which does not outlive the caller: there is nothing to survive for.</summary>
    internal static bool IsReply(ChannelCall call)
    {
        var route = call.Argument("routingKey") ?? call.Argument("addr");
        if (route is null)
            return false;

        return IsReplyTo(route.Value.Unwrap())
            || Tracer.At(route.Value, ItsOrigin.Instance, call.Flow).InOrder().Any(static origin => origin.Value is { } value && IsReplyTo(value.Unwrap()));
    }

    private static bool IsReplyTo(IOperation value) => value is IMemberReferenceOperation { Member.Name: "ReplyTo" or "ReplyToAddress" };
}
