using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1203: confirms are turned on, and nobody takes notice of them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnobservedConfirm : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.UnobservedConfirm,
        Rules.RabbitMqPublishing,
        "Nobody takes notice of the confirm",
        "{0}",
        "A confirm only helps if somebody waits for it and does something when it is missing or negative. Version 6: WaitForConfirmsOrDie, or handlers of BasicAcks and BasicNacks; WaitForConfirms(timeout) answers true when "
        + "the time is up. Version 7: turn tracking on and await the publish.");

    /// <summary>Creates the rule.</summary>
    public UnobservedConfirm()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        switch (call.Verb)
        {
            case ChannelVerb.SelectConfirms when IsUnheard(call, "BasicAcks", "BasicNacks") && Publishes(call.Channel):
                Report(
                    call, DiagnosticKeys.CauseMissing, $"Confirms are selected, but nothing on this channel waits for them{Listens(call, "BasicAcks and BasicNacks")}: a message that the broker refused or never got goes unnoticed",
                    call.Channel.Calls.Where(static one => one.Verb == ChannelVerb.Publish).Select(static one => one.Call.Syntax.GetLocation()).ToArray());
                break;
            case ChannelVerb.WaitForConfirms when call.Invocation.TargetMethod.Name == "WaitForConfirms":
                JudgeWait(call);
                break;
            case ChannelVerb.Publish when call.Client.IsVersion7:
                JudgeTask(call);
                break;
        }
    }

    private static void JudgeWait(ChannelCall call)
    {
        var isDropped = call.Invocation.IsDropped();
        if (call.Argument("timeout") is not null && call.Argument("timedOut") is null)
            Report(call, isDropped ? DiagnosticKeys.CauseOmitted : DiagnosticKeys.CauseWritten, "WaitForConfirms(timeout) returns true when the time is up and no answer came: an unconfirmed message counts as confirmed");
        else if (isDropped)
            Report(call, DiagnosticKeys.CauseOmitted, "The result of WaitForConfirms is dropped: a message that the broker refused (false) goes unnoticed");
    }

    private static void JudgeTask(ChannelCall call)
    {
        if (call.Invocation.IsDropped())
        {
            Report(call, DiagnosticKeys.CauseOmitted, "The task of this publish is dropped: nobody hears when the broker refuses the message, or when it was never sent");
            return;
        }

        var channel = call.Channel;
        if (IsUnheard(call, "BasicAcksAsync", "BasicNacksAsync")
            && channel.Creations.All(one => ConfirmOptions.LeaveOff(one, ConfirmOptions.Enabled, call.Flow) is { IsReported: false })
            && ConfirmOptions.AreOff(channel, ConfirmOptions.Tracked, call.Flow))
        {
            Report(
                call, DiagnosticKeys.CauseMissing, $"Confirms are turned on for this channel, but the client does not track them{Listens(call, "BasicAcksAsync and BasicNacksAsync")}: this task completes before the broker has the message",
                channel.Creations.Select(static one => one.Syntax.GetLocation()).ToArray());
        }
    }

    /// <summary>Whether nothing waits for the confirms of a channel, and no handler that would do instead hears of them.</summary>
    private static bool IsUnheard(ChannelCall call, params string[] events)
    {
        var channel = call.Channel;
        return channel.IsKnown && !channel.Does(ChannelVerb.WaitForConfirms) && (call.Options.RequiredConfirms == ConfirmMode.Awaited || !events.Any(channel.Events.Contains));
    }

    private static string Listens(ChannelCall call, string events) => call.Options.RequiredConfirms == ConfirmMode.Awaited ? "" : $", and nothing listens to {events}";

    private static bool Publishes(ChannelFacts channel) =>
        channel.Calls.Any(static one => one.Verb == ChannelVerb.Publish || one.Call.TargetMethod.Name == "CreateBasicPublishBatch");

    private static void Report(ChannelCall call, string cause, string says, params Location[] elsewhere) =>
        call.Report(Rule, call.Invocation.NameLocation(), cause, null, Finding.Always, elsewhere, says);
}
