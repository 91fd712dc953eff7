using RabbitMQ.Client;

namespace Reliability;

/// <summary>How RabbitMQ is reached and used. Validated when the host starts.</summary>
public sealed record RabbitMqOptions
{
    /// <summary>
    /// Where the broker is: <c>amqp://user:password@host:5672/vhost</c>, or <c>amqps://…</c> for TLS. Percent-encode reserved characters.
    /// Never logged; logs and errors say host, port and virtual host.
    /// </summary>
    public string Uri { get; set; } = "";

    /// <summary>
    /// Further nodes of the same cluster, each <c>host</c> or <c>host:port</c>, tried in turn when the one in <see cref="Uri"/> cannot be reached or is lost. User, virtual
    /// host and TLS are those of <see cref="Uri"/>; so is the port where none is named. Default: none.
    /// </summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>TLS, which is spoken where <see cref="Uri"/> begins with <c>amqps</c>.</summary>
    public RabbitMqTls Tls { get; set; } = new();

    /// <summary>How long one node may take to answer, from the TCP connection to the open AMQP connection, before the next is tried. 100 ms to 5 min. Default: 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether queues and exchanges are declared, or only checked. Default: declared.</summary>
    public RabbitMqTopology Topology { get; set; } = RabbitMqTopology.Declare;

    /// <summary>The type of the queues that are declared. Default: quorum.</summary>
    public RabbitMqQueueType QueueType { get; set; } = RabbitMqQueueType.Quorum;

    /// <summary>What is particular about single queues, by their names. Default: nothing.</summary>
    public IDictionary<string, RabbitMqQueue> Queues { get; } = new Dictionary<string, RabbitMqQueue>();

    /// <summary>
    /// How often the broker delivers a message of a quorum queue before it moves it to the dead-letter queue. At least 1. This library counts attempts in the store, and its
    /// returns do not count where the broker can tell them from failures (RabbitMQ 4.3); a lower limit than some connection losses over one message makes the broker give up
    /// before a handler did. Default: the broker's, which is 20 from RabbitMQ 4.0 on, and none before.
    /// </summary>
    public int? DeliveryLimit { get; set; }

    /// <summary>
    /// The exchange by which the broker moves what it gives up on to the queue's own dead-letter queue, <c>{queue}.dead</c>, which is declared and bound by its name. An extra safety
    /// net: this library keeps its own dead letters in the store. Default: the default exchange.
    /// </summary>
    public string DeadLetterExchange { get; set; } = "";

    /// <summary>The type of the exchanges that are declared: <c>topic</c> (the default), <c>direct</c>, <c>fanout</c>, <c>headers</c> or a plugin's <c>x-…</c>.</summary>
    public string ExchangeType { get; set; } = RabbitMQ.Client.ExchangeType.Topic;

    /// <summary>What exchanges route to which queues. Declared where <see cref="Topology"/> is <see cref="RabbitMqTopology.Declare"/>. Default: none.</summary>
    public IList<RabbitMqBinding> Bindings { get; } = [];

    /// <summary>How long a published message may wait for its confirm before it counts as failed and is sent again under its id. 100 ms to 1 h. Default: 30 s.</summary>
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The largest body that is published, in bytes; larger ones are refused before the outbox takes them. From RabbitMQ 4.0 on the broker's own limit is
    /// 16 MiB unless its <c>max_message_size</c> says otherwise; before, 128 MiB. 1 to 134,217,728. Default: 16 MiB.
    /// </summary>
    public int MaxBodyBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The name that RabbitMQ's management shows for the connections. Default: the application's.</summary>
    public string ClientName { get; set; } = AppDomain.CurrentDomain.FriendlyName;

    /// <summary>The pause after the first failure to connect; it doubles with each further one. At least 10 ms. Default: 200 ms.</summary>
    public TimeSpan FirstReconnectPause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No pause between attempts to connect is longer. At least <see cref="FirstReconnectPause"/>. Default: 30 s.</summary>
    public TimeSpan LongestReconnectPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Last word on the client's factory, such as other authentication. Recovery, the order of deliveries and the limit of received bodies stay this
    /// library's.
    /// </summary>
    public Action<ConnectionFactory>? ConfigureFactory { get; set; }

    /// <summary>Says where the broker is without the user's name and password.</summary>
    public override string ToString() =>
        $"{nameof(RabbitMqOptions)} {{ {(BrokerAddress.TryParse(Uri, out var address, out _) ? address : "no address")}, {Topology}, {QueueType} }}";
}

/// <summary>Whether queues and exchanges are declared or checked.</summary>
public enum RabbitMqTopology
{
    /// <summary>Declared, durable, when connecting; what exists in the same way is used as it is.</summary>
    Declare,

    /// <summary>Only checked: what is missing is an error that is logged until it is there. For brokers whose topology an operator owns.</summary>
    Verify,
}

/// <summary>The type of declared queues.</summary>
public enum RabbitMqQueueType
{
    /// <summary>Replicated by Raft; survives the loss of a node.</summary>
    Quorum,

    /// <summary>On one node; durable, so it survives that node's restart, not its loss.</summary>
    Classic,

    /// <summary>
    /// A replicated log (RabbitMQ 3.9 and later): reading removes nothing, and each application reads all of it, from its own remembered position. What is older than the
    /// stream's retention (<c>x-max-age</c>, <c>x-max-length-bytes</c>) is gone, read or not.
    /// </summary>
    Stream,
}

/// <summary>An exchange's route to a queue.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Exchange">The exchange.</param>
/// <param name="RoutingKey">The key, or for a topic exchange a pattern such as <c>order.*</c>.</param>
public sealed record RabbitMqBinding(string Queue, string Exchange, string RoutingKey);
