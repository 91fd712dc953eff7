namespace Reliability;

/// <summary>Where messages of this type go when a handler returns them or an outbox publishes them.</summary>
/// <param name="route">
/// Kafka: the topic. Local: the queue. RabbitMQ: a queue (<c>"invoices"</c>, by the default exchange), or an exchange and a routing key with a slash
/// between them (<c>"shop/invoice.issued"</c>).
/// </param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class PublishToAttribute(string route) : Attribute
{
    /// <summary>The address, in the transport's terms.</summary>
    public string Route { get; } = route;

    /// <summary>
    /// The transport: a constant of <see cref="TransportNames"/>. Default: the only one that is configured; where several are, it must be written
    /// here or as <see cref="ReliabilityOptions.DefaultTransport"/>.
    /// </summary>
    public string? Transport { get; set; }

    /// <summary>Path of the member that is the message's key: messages of one key keep their order (Kafka: go to one partition).</summary>
    public string? Key { get; set; }
}
