namespace Reliability;

/// <summary>How outgoing messages are sent.</summary>
public sealed record RelayOptions
{
    /// <summary>The most messages that wait for a confirm at once, per transport. Default: 1,000.</summary>
    public int Window { get; set; } = 1000;

    /// <summary>How often a message is sent before it becomes a dead letter. A broker that is away costs no attempt. Default: 5.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>
    /// Whether messages of one key (<see cref="PublishToAttribute.Key"/>, <see cref="PublishOptions.Key"/>) and transport leave in the order in which they were
    /// written: then one of them at a time is under way, and one that failed holds the later ones of its key back until it is confirmed or a dead letter. False:
    /// keys still choose Kafka's partition, but a message that is sent again may leave after its successors. The same in every process that shares a store.
    /// Default: true.
    /// </summary>
    public bool OrderPerKey { get; set; } = true;

    /// <summary>
    /// The most bytes of bodies in memory, per transport, though at least one message; what is beyond waits in the store. Default: 64 MiB.
    /// </summary>
    public long MemoryLimit { get; set; } = 64L * 1024 * 1024;

    /// <summary>How long a row stays with the process that holds it. After a crash its rows wait this long, where the store cannot tell. Default: 1 min.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the store is searched for rows that nobody holds, while there are any. Rows of this process do not wait for it. Default: 1 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// To what the pauses between searches grow while nothing is found: a quarter of the time since something was, from <see cref="PollInterval"/> up to this.
    /// A store that gives news of rows makes a search due at once. Default: 5 s.
    /// </summary>
    public TimeSpan IdlePollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After how long without any answer of the transport a send counts as failed. A transport has a limit of its own, which is shorter (by default 30 s); this one
    /// only keeps a transport that forgets a message from holding its place for ever. Default: 5 min.
    /// </summary>
    public TimeSpan OutcomeTimeout { get; set; } = TimeSpan.FromMinutes(5);
}
