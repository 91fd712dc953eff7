using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1202: publishing without ever hearing whether the broker took the message.</summary>
public sealed class MissingConfirms : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.MissingConfirms,
        Rules.RabbitMqPublishing,
        "Nobody hears whether the broker took the message",
        "{0}: this publish returns before the broker has the message, and one that is lost with the connection, refused or never stored goes unnoticed",
        "A publish is written to a socket and nothing more. Only a publisher confirm says that the broker has taken responsibility for the message. "
        + "RabbitMQ.Client 6: call ConfirmSelect() on the channel. RabbitMQ.Client 7: create the channel with new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true).");

    /// <summary>Creates the rule.</summary>
    public MissingConfirms()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Publish)
            return;

        // Version 7 settles it where the channel is created, whatever becomes of the channel.
        var channel = call.Channel;
        if (channel.Creations.IsEmpty || (!channel.IsKnown && !call.Client.IsVersion7) || channel.SelectsConfirms || channel.IsTransactional)
            return;

        var verdict = call.Client.IsVersion7
            ? WithoutConfirmations(channel, call)
            : new Verdict(Finding.Always, new Outcome(OutcomeKind.Unset, null, channel.Creations[0]));
        if (!verdict.IsReported)
            return;

        var creation = channel.Creations.FirstOrDefault(one => ConfirmOptions.LeaveOff(one, ConfirmOptions.Enabled, call.Flow) is { IsReported: true }) ?? channel.Creations[0];
        var elsewhere = new List<Location> { creation.Syntax.GetLocation() };
        if (verdict.Cause.Site is { } options && options != creation)
            elsewhere.Add(options.Syntax.GetLocation());
        var says = verdict.Finding == Finding.Always ? "Publisher confirms are never turned on for this channel" : "Publisher confirms are not turned on for this channel on every path";
        call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseMissing, null, verdict.Finding, elsewhere, says);
    }

    /// <summary>Version 7 turns confirms on where the channel is created, and nowhere else.</summary>
    private static Verdict WithoutConfirmations(ChannelFacts channel, ChannelCall call)
    {
        var verdicts = channel.Creations.Select(creation => ConfirmOptions.LeaveOff(creation, ConfirmOptions.Enabled, call.Flow)).ToList();
        var wrong = verdicts.OfType<Verdict>().Where(static one => one.IsReported).ToList();
        if (wrong.Count == 0 || verdicts.Contains(null))
            return default;

        var always = wrong.Count == verdicts.Count && wrong.All(static one => one.Finding == Finding.Always);
        return wrong[0] with { Finding = always ? Finding.Always : Finding.Sometimes };
    }
}
