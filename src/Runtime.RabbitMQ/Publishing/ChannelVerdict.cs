using System.Globalization;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Reliability;

/// <summary>
/// Who is to blame when a channel for publishing is closed with confirms outstanding. The broker names the exchange, or the size, that it minded:
/// those messages have failed. The others were merely on the same channel; they cost no attempt. Where nobody is named, all have failed once.
/// </summary>
internal sealed class ChannelVerdict(ShutdownEventArgs closed, bool connectionLost, string reason, IReadOnlyList<PendingPublish> outstanding)
{
    /// <summary>How a broker closes connections that did nothing wrong: it stops, or an operator closes them.</summary>
    private const ushort ConnectionForced = 320;

    private readonly Func<PendingPublish, bool>? _guilty = FindGuilty(closed, outstanding);

    public PublishOutcome Of(PendingPublish pending)
    {
        if (pending.Returned is { } returned)
        {
            return PublishOutcome.Failed(returned);
        }

        if (closed.Initiator != ShutdownInitiator.Peer || (connectionLost && closed.ReplyCode == ConnectionForced))
        {
            return PublishOutcome.Unavailable(reason);
        }

        if (_guilty is null)
        {
            return PublishOutcome.Failed($"the broker closed the channel: {Said}");
        }

        if (!_guilty(pending))
        {
            return PublishOutcome.Unavailable($"the broker closed the channel over another message ({Said})");
        }

        return IsAboutSize(closed)
            ? PublishOutcome.Refused($"the broker refuses the body of {pending.BodyLength:N0} bytes: {Said}. Lower RabbitMqOptions.MaxBodyBytes to the broker's max_message_size, or raise that")
            : PublishOutcome.Failed($"{pending.Route}: {Said}. {WhatToDo}");
    }

    private string Said => $"{closed.ReplyCode} {closed.ReplyText}";

    private string WhatToDo => closed.ReplyCode == TopologyRefusal.NotFound
        ? "Declare the exchange, or correct the route"
        : "Grant the user the permission to write to it, or correct the route";

    private static Func<PendingPublish, bool>? FindGuilty(ShutdownEventArgs closed, IReadOnlyList<PendingPublish> outstanding)
    {
        Func<PendingPublish, bool>? guilty = null;
        if (closed.ReplyCode is TopologyRefusal.NotFound or TopologyRefusal.AccessRefused && Quoted(closed.ReplyText, "exchange '") is { } exchange)
        {
            var name = exchange == "amq.default" ? "" : exchange;
            guilty = pending => pending.Route.Exchange == name;
        }
        else if (IsAboutSize(closed) && Number(closed.ReplyText, "message size ") is { } size)
        {
            guilty = pending => pending.BodyLength == size;
        }

        return guilty is not null && outstanding.Any(guilty) ? guilty : null;
    }

    private static bool IsAboutSize(ShutdownEventArgs closed) =>
        closed.ReplyCode == TopologyRefusal.PreconditionFailed && closed.ReplyText.Contains("message size ", StringComparison.Ordinal);

    private static string? Quoted(string text, string before)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf('\'', start + before.Length);
        return end < 0 ? null : text[(start + before.Length)..end];
    }

    private static int? Number(string text, string before)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        var length = text.AsSpan(start).IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(length < 0 ? text.AsSpan(start) : text.AsSpan(start, length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
