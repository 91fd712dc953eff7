using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1207: a message by which a receiver cannot tell a duplicate.</summary>
public sealed class NoMessageId : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.NoMessageId,
        Rules.RabbitMqPublishing,
        "Receivers cannot tell a duplicate of this message",
        "{0}: a message that is published or delivered twice looks like two messages",
        "Brokers deliver at least once, and a publisher that missed a confirm publishes again. A MessageId that stays the same over all copies lets the receiver drop the second one.",
        DiagnosticSeverity.Info);

    /// <summary>Creates the rule.</summary>
    public NoMessageId()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Publish || TransientMessage.IsReply(call))
            return;

        if ((call.Argument("basicProperties") ?? call.Argument("properties")) is not { } argument)
        {
            call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseMissing, "MessageId", Finding.Always, Enumerable.Empty<Location>(), "Published without properties, so without a MessageId");
            return;
        }

        var verdict = ValueResolver.Judge(
            Tracer.At(argument.Value, new MessageProperty(call.Flow, call.Client, "MessageId"), call.Flow), static outcome => outcome.Kind == OutcomeKind.Unset || outcome.Value is { ConstantValue: { HasValue: true, Value: null or "" } });
        if (!verdict.IsReported)
            return;

        var site = verdict.Cause.Site;
        var isMissing = site is null or IDefaultValueOperation or { ConstantValue.HasValue: true };
        call.Report(
            Rule, call.Invocation.Place(argument), isMissing ? DiagnosticKeys.CauseMissing : DiagnosticKeys.CauseUnset, "MessageId", verdict.Finding,
            isMissing ? Enumerable.Empty<Location>() : new[] { site!.Syntax.GetLocation() },
            isMissing ? "Published without properties, so without a MessageId" : verdict.Finding == Finding.Always ? "'MessageId' is never set on these properties" : "'MessageId' is not set on every path");
    }
}
