namespace Reliability;

/// <summary>
/// What a broker must offer. A transport knows no database and runs no handler. It keeps its own connections alive: while the broker is away it
/// logs why, tries again with growing pauses, and neither throws from the background nor loses what it was given.
/// </summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>Its name: a constant of <see cref="TransportNames"/>.</summary>
    string Name { get; }

    /// <summary>The largest body it carries, in bytes. Larger ones are refused when they are given to the outbox.</summary>
    int MaxBodyBytes { get; }

    /// <summary>True where its sources are logs, and it can say where in one a delivery lies. Default: false.</summary>
    bool GivesPositions => false;

    /// <summary>
    /// Begins to connect, and to declare or verify what is needed. Returns without waiting for a broker that is away: it goes on trying.
    /// </summary>
    /// <param name="topology">What this process receives from and sends to.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    ValueTask StartAsync(Topology topology, CancellationToken cancellationToken);

    /// <summary>Opens a subscription. It survives connection losses until it is disposed.</summary>
    /// <param name="request">What to receive, and how much at a time.</param>
    /// <param name="cancellationToken">Gives up opening.</param>
    ValueTask<ISubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Sends one message and waits until the broker has taken it for good. Many calls run at once: implementations pipeline them. Never throws for
    /// what a broker does; the outcome says it.
    /// </summary>
    /// <param name="message">What to send, and where.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may have been taken all the same.</param>
    Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the broker can be reached now: asks it, or says what the connections are seen to be. For health checks; never throws for what a broker does.
    /// </summary>
    /// <param name="cancellationToken">Gives up asking.</param>
    ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>Whether a broker can be reached.</summary>
/// <param name="IsConnected">True where messages can come and go.</param>
/// <param name="Reason">Where they cannot: why, without credentials; null where they can.</param>
public readonly record struct TransportState(bool IsConnected, string? Reason)
{
    /// <summary>Messages can come and go.</summary>
    public static TransportState Connected { get; } = new(true, null);

    /// <summary>They cannot, for a reason.</summary>
    public static TransportState Away(string reason) => new(false, reason);
}

/// <summary>What this process receives from and sends to by one transport.</summary>
/// <param name="Sources">Queues or topics with a handler.</param>
/// <param name="Routes">Where message types are published to.</param>
public sealed record Topology(IReadOnlyCollection<string> Sources, IReadOnlyCollection<string> Routes)
{
    /// <summary>Those of the sources whose handlers keep an order: one process at a time may receive from each.</summary>
    public IReadOnlyCollection<string> OrderedSources { get; init; } = [];
}

/// <summary>What a subscription is asked to receive.</summary>
/// <param name="Source">The queue or topic.</param>
/// <param name="Prefetch">The most deliveries that may be unsettled at once; the broker keeps the rest.</param>
public sealed record SubscriptionRequest(string Source, int Prefetch)
{
    /// <summary>True where a handler keeps an order: one process at a time may receive.</summary>
    public bool Ordered { get; init; }

    /// <summary>
    /// True where each delivery must carry its <see cref="Delivery.Position"/>. The transport then settles only what it knows to lie in the log that the position names:
    /// where the log was made anew meanwhile, what it has delivered comes again, with other positions. And it delivers the records of a part in their order, and what it
    /// delivers anew from where the last settled record was, leaving none out.
    /// </summary>
    public bool Positions { get; init; }

    /// <summary>
    /// The most bytes of bodies that may be unsettled at once, though at least one delivery, where the transport can choose: brokers that push count messages only.
    /// </summary>
    public long PrefetchBytes { get; init; } = long.MaxValue;
}

/// <summary>A message on its way out.</summary>
/// <param name="Route">Where to, in the transport's terms.</param>
/// <param name="Envelope">What.</param>
public readonly record struct OutgoingMessage(string Route, Envelope Envelope)
{
    /// <summary>
    /// After then nobody wants it any more; null: never. The envelope says so too (<see cref="HeaderNames.ExpiresAt"/>), and who receives it then keeps it as a
    /// dead letter. A transport may have its broker drop it only where that, too, leaves a trace.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Attributes to write beside the message's own headers; null: none.</summary>
    public CloudEvent? CloudEvent { get; init; }
}
