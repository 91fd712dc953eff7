namespace Reliability;

/// <summary>A delivery, the handler it is for, and what was read of it; or why it cannot be read.</summary>
internal sealed class ReceivedMessage
{
    public required Delivery Delivery { get; init; }

    /// <summary>The transport it came from, also where it comes from the deferral table now.</summary>
    public required string Transport { get; init; }

    /// <summary>Null where the source has no handler for it.</summary>
    public HandlerDescriptor? Handler { get; init; }

    /// <summary>Meaningful only where <see cref="Rejection"/> is null.</summary>
    public ReadMessage Content { get; init; }

    /// <summary>Why no handler can take it, or null.</summary>
    public MessageRejectedException? Rejection { get; init; }

    /// <summary>Attempts begun, the present one included.</summary>
    public int Attempt => Delivery is DeferredDelivery deferred ? deferred.Message.Attempts : 1;

    public InboxEntry InboxEntry =>
        new(Handler!.Name, InboxKey.Of(Content.DedupeKey), InboxKey.FingerprintOf(Delivery.Envelope.Body.Span));

    public MessageContext Context => new(Delivery.Envelope.MessageId, Delivery.Source, Handler!.Name, Attempt, Delivery.Envelope.Headers);
}
