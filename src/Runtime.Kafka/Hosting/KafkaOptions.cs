namespace Reliability;

/// <summary>How Kafka is reached and used. Validated when the host starts.</summary>
public sealed record KafkaOptions
{
    /// <summary>The brokers to ask first: <c>host:port</c>, several separated by commas. Required.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The consumer group. Processes of one application share it; it is what committed offsets belong to. Required.</summary>
    public string GroupId { get; set; } = "";

    /// <summary>
    /// Further librdkafka settings for producer and consumers, such as <c>security.protocol</c> and <c>sasl.*</c>. Never logged. Settings that would lose
    /// or double messages, such as <c>acks=1</c> or <c>enable.auto.commit=true</c>, are refused at start, with the reason.
    /// </summary>
    public IDictionary<string, string> Client { get; } = new Dictionary<string, string>();

    /// <summary>
    /// How long a message may wait for the confirm of all in-sync replicas; afterwards it is sent again, under the same id. Between 1 s and 15 min.
    /// Default: 30 s.
    /// </summary>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The largest body that is sent, in bytes. Default: 1,000,000, which with headers fits a broker's default <c>message.max.bytes</c> (1,048,588).
    /// Raise it together with the broker's or the topic's.
    /// </summary>
    public int MaxBodyBytes { get; set; } = 1_000_000;

    /// <summary>Whether topics are looked at when the host starts. Default: <see cref="KafkaTopicCheck.Verify"/>.</summary>
    public KafkaTopicCheck Topics { get; set; } = KafkaTopicCheck.Verify;
}

/// <summary>Whether topics are looked at when the host starts.</summary>
public enum KafkaTopicCheck
{
    /// <summary>Warns of topics that are missing, have one replica, or whose <c>min.insync.replicas</c> is below 2. Topics are never created.</summary>
    Verify,

    /// <summary>
    /// The same flaws end the start with an error, and so does what cannot be looked at. The start waits for a broker's answer, so the host does not start
    /// while all brokers are away.
    /// </summary>
    Require,

    /// <summary>Does not look, such as where the client is not allowed to describe topics.</summary>
    Trust,
}
