namespace Reliability;

/// <summary>Gives letters to their handlers again, or sends them again.</summary>
internal sealed class LetterReplay(DeadLetterReplay replay, ReplaySite site) : LetterAction(replay.By, replay.Note)
{
    private readonly List<OutboxRow> _sent = [];
    private bool _deferred;

    public override async ValueTask<DeadLetterOutcome> ApplyAsync(IUnitOfWork work, DeadLetter letter, CancellationToken cancellationToken)
    {
        if (letter.Reason == DeadLetterReason.Conflict && !replay.Force && replay.Edit is null)
        {
            throw new LetterRefusedException(
                "Its operation was handled before with another content: replayed as it is, it would be a conflict again. Edit it, so that it is an operation of its own, or force it: then the operation is done once more.");
        }

        var envelope = replay.Edit?.ApplyTo(letter.Envelope) ?? letter.Envelope;
        var target = replay.To ?? (letter.IsOutgoing ? DeadLetterTarget.Route : DeadLetterTarget.Handler);
        await ForgetAsync(work, letter, cancellationToken).ConfigureAwait(false);
        var where = target == DeadLetterTarget.Handler
            ? await DeferAsync(work, letter, envelope, cancellationToken).ConfigureAwait(false)
            : await SendAsync(work, letter, envelope, cancellationToken).ConfigureAwait(false);
        await RecordAsync(work, letter, KindOf(target), cancellationToken).ConfigureAwait(false);
        return new DeadLetterOutcome(letter.Id, DeadLetterResult.Replayed, envelope.MessageId, where);
    }

    public override void Committed()
    {
        site.Wake(_deferred, _sent);
        RolledBack();
    }

    public override void RolledBack()
    {
        _sent.Clear();
        _deferred = false;
    }

    private DeadLetterActionKind KindOf(DeadLetterTarget target) => (replay.Edit, target) switch
    {
        (not null, _) => DeadLetterActionKind.EditedAndReplayed,
        (_, DeadLetterTarget.Handler) => DeadLetterActionKind.ReplayedToHandler,
        _ => DeadLetterActionKind.ReplayedToRoute,
    };

    /// <summary>What ran out of attempts was recorded as dealt with; while it is, the handler would never see it.</summary>
    private async ValueTask ForgetAsync(IUnitOfWork work, DeadLetter letter, CancellationToken cancellationToken)
    {
        // Of a conflict, the record is the other message's; only force takes it away.
        if (letter is { IsOutgoing: false, DedupeKey: { } key } && site.HandlerOf(letter) is { } handler
            && (letter.Reason != DeadLetterReason.Conflict || replay.Force))
        {
            var entry = new InboxEntry(handler, InboxKey.Of(key), InboxKey.FingerprintOf(letter.Envelope.Body.Span));
            await work.RemoveFromInboxAsync([entry], cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<string> DeferAsync(IUnitOfWork work, DeadLetter letter, Envelope envelope, CancellationToken cancellationToken)
    {
        if (letter.IsOutgoing)
        {
            throw new LetterRefusedException("It was on its way out, so it has no handler here. Replay it to its route.");
        }

        var message = site.Defer(letter, envelope);
        if (await work.DeferAsync(message, TimeSpan.Zero, cancellationToken).ConfigureAwait(false) == InboxVerdict.Conflict)
        {
            throw new LetterRefusedException(
                $"Another message of the same operation waits for an attempt of {message.Consumer}. Replay this one when that has been dealt with.");
        }

        _deferred = true;
        return message.Consumer;
    }

    private async ValueTask<string> SendAsync(IUnitOfWork work, DeadLetter letter, Envelope envelope, CancellationToken cancellationToken)
    {
        var route = letter.IsOutgoing ? letter.Source : RouteTo(letter.Transport, letter.Source);
        var row = new OutboxRow { Transport = letter.Transport, Route = route, Envelope = envelope };
        site.RequireRoute(row);
        await work.AddToOutboxAsync([row], lease: null, cancellationToken).ConfigureAwait(false);
        _sent.Add(row);
        return letter.Source;
    }

    /// <summary>On RabbitMQ a slash parts exchange and routing key, unless it comes first.</summary>
    private static string RouteTo(string transport, string source) =>
        transport == TransportNames.RabbitMq && source.Contains('/', StringComparison.Ordinal) ? "/" + source : source;
}
