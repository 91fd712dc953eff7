namespace Reliability;

/// <summary>A delivery, the handler it is for, and what was read of it; or why it cannot be read.</summary>
internal sealed class ReceivedMessage
{
    private InboxEntry? _inboxEntry;

    public required Delivery Delivery { get; init; }

    /// <summary>The transport it came from, also where it comes from the deferral table now.</summary>
    public required string Transport { get; init; }

    /// <summary>Null where the source has no handler for it.</summary>
    public HandlerDescriptor? Handler { get; init; }

    /// <summary>Meaningful only where <see cref="Rejection"/> is null.</summary>
    public ReadMessage Content { get; init; }

    /// <summary>Why no handler can take it, or null.</summary>
    public MessageRejectedException? Rejection { get; init; }

    /// <summary>Its place among the deliveries of its subscription.</summary>
    public long Arrival { get; set; }

    /// <summary>What became of it in the transaction that is under way, or that committed.</summary>
    public MessageOutcome Outcome { get; set; }

    /// <summary>Why it became a dead letter, where it did.</summary>
    public DeadLetterReason? DeadFor { get; set; }

    /// <summary>Its outcome is committed: it may be settled, and never runs again.</summary>
    public bool IsDone { get; set; }

    /// <summary>Runs that were undone for a reason that is not the message's, and are not counted as attempts.</summary>
    public int Undone { get; set; }

    /// <summary>What its handler knows it by instead of the inbox; null where that is the inbox.</summary>
    public PositionEntry? PositionEntry => Handler is { DedupeByOffset: true } && Delivery.Position is { } position
        ? new PositionEntry(Handler.Name, Delivery.Source, position)
        : null;

    /// <summary>Attempts begun, the present one included.</summary>
    public int Attempt => Delivery is DeferredDelivery deferred ? deferred.Message.Attempts : 1;

    /// <summary>What the inbox knows it by; hashed once.</summary>
    public InboxEntry InboxEntry => _inboxEntry ??=
        new InboxEntry(Handler!.Name, InboxKey.Of(Content.DedupeKey), InboxKey.FingerprintOf(Delivery.Envelope.Body.Span))
        {
            DeferredAs = Delivery is DeferredDelivery ? null : Content.DedupeKey,
        };

    public MessageContext Context => new(Delivery.Envelope.MessageId, Delivery.Source, Handler!.Name, Attempt, Delivery.Envelope.Headers);
}

/// <summary>What became of a message.</summary>
internal enum MessageOutcome
{
    /// <summary>Nothing yet.</summary>
    None,

    /// <summary>Its handler ran, and its effects are in the transaction.</summary>
    Handled,

    /// <summary>It was handled before, or waits already.</summary>
    Duplicate,

    /// <summary>It waits for its turn or its next attempt.</summary>
    Deferred,

    /// <summary>It is kept as a dead letter.</summary>
    DeadLettered,
}
