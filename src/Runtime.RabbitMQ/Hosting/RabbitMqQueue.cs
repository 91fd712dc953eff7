namespace Reliability;

/// <summary>What is particular about one queue. What is null is as for all queues (<see cref="RabbitMqOptions"/>).</summary>
public sealed record RabbitMqQueue
{
    /// <summary>Its type. Default: <see cref="RabbitMqOptions.QueueType"/>.</summary>
    public RabbitMqQueueType? Type { get; set; }

    /// <summary>
    /// How often the broker delivers a message of this quorum queue before it moves it to the dead-letter queue. At least 1. Default:
    /// <see cref="RabbitMqOptions.DeliveryLimit"/>.
    /// </summary>
    public int? DeliveryLimit { get; set; }

    /// <summary>
    /// Whether one consumer at a time receives. A process whose handlers keep an order (<c>OrderBy</c>) asks for it by itself; a process that only sends has to be told, lest
    /// it declares the queue first and without. Not for streams. Default: false.
    /// </summary>
    public bool SingleActiveConsumer { get; set; }

    /// <summary>
    /// Further arguments to declare it with, such as <c>x-max-length</c>, <c>x-queue-leader-locator</c>, or of a stream <c>x-max-age</c>. What is named here wins over what this
    /// library would write. Default: none.
    /// </summary>
    public IDictionary<string, object?> Arguments { get; } = new Dictionary<string, object?>();
}
