namespace Reliability;

/// <summary>Options of the runtime. Validated when the host starts.</summary>
public sealed record ReliabilityOptions
{
    /// <summary>The transport of messages whose type names none. Needed only where several are configured.</summary>
    public string? DefaultTransport { get; set; }

    /// <summary>The largest body that is handled, in bytes; larger ones become dead letters undecoded. Default: 16 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The most deliveries of one source that are in this process and not yet settled. Default: 400.</summary>
    public int Prefetch { get; set; } = 400;

    /// <summary>The most bytes of bodies of one source that are in this process and not yet settled, though at least one message. RabbitMQ counts messages only: there it is approximated by the size of the bodies that came. Default: 64 MiB.</summary>
    public long PrefetchBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many groups of one source run side by side. Messages with the same order key are always in the same lane. Never more than the store carries (SQLite: 1). Default
    /// (null): 4, or what the store carries.
    /// </summary>
    public int? Lanes { get; set; }

    /// <summary>How long the handlers of one group should take together: slow handlers get smaller groups, down to one message. Default: 250 ms.</summary>
    public TimeSpan GroupTime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long one run of a handler may take; then its token is cancelled and the attempt has failed. Default: 1 min.</summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>When and how often a failing handler runs again.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>What follows from an exception of a handler, by its type.</summary>
    public FailureOptions Failures { get; set; } = new();

    /// <summary>How outgoing messages are sent.</summary>
    public RelayOptions Relay { get; set; } = new();

    /// <summary>How long handled messages are remembered. At least <see cref="RedeliveryHorizon"/>. Default: 7 days.</summary>
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The longest time after which a broker, a replay or a partner may deliver a message again. No handler forgets what it handled sooner. Default: 24 h.
    /// </summary>
    public TimeSpan RedeliveryHorizon { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Whether outgoing messages carry the attributes of CloudEvents.</summary>
    public CloudEventsOptions CloudEvents { get; set; } = new();

    /// <summary>What is kept of messages after they left.</summary>
    public AuditOptions Audit { get; set; } = new();

    /// <summary>How long a stopping host waits for handlers in hand and for confirms. What did not finish is redelivered. Default: 20 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>When a failing handler runs again: the first retry at once, the others after pauses that double, with jitter.</summary>
public sealed record RetryOptions
{
    /// <summary>The pause before the second retry. Default: 1 s.</summary>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>No pause is longer. Default: 5 min.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many messages that wait for another attempt run side by side. Never more than the store carries (SQLite: 1). Default: 4.</summary>
    public int Parallelism { get; set; } = 4;
}

/// <summary>Keeps what became of messages, so that it can be asked by message id. Costs a write per message and handler.</summary>
public sealed record AuditOptions
{
    /// <summary>Whether anything is kept. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>How long. Default: 7 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);
}
