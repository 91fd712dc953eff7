namespace Reliability;

/// <summary>The names of the transports, as attributes, tables and logs write them.</summary>
public static class TransportNames
{
    /// <summary>Durable queues in the store itself.</summary>
    public const string Local = "local";

    /// <summary>RabbitMQ, by package Reliability.RabbitMQ.</summary>
    public const string RabbitMq = "rabbitmq";

    /// <summary>Kafka, by package Reliability.Kafka.</summary>
    public const string Kafka = "kafka";
}
