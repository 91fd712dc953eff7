namespace Reliability;

/// <summary>What queues are declared with, from the options for all and those for single ones.</summary>
internal sealed class QueueArguments(RabbitMqOptions options)
{
    /// <summary>Queues with this ending take what the broker itself gives up on; they have no such queue in turn.</summary>
    public const string DeadSuffix = ".dead";

    public static bool IsDead(string queue) => queue.EndsWith(DeadSuffix, StringComparison.Ordinal);

    public RabbitMqQueueType TypeOf(string queue) =>
        Of(queue)?.Type ?? (IsDead(queue) && options.QueueType == RabbitMqQueueType.Stream ? RabbitMqQueueType.Quorum : options.QueueType);

    /// <summary>Whether the broker may give up on its messages: not on those of a stream, and those of a dead-letter queue have nowhere to go.</summary>
    public bool HasDeadQueue(string queue) => !IsDead(queue) && TypeOf(queue) != RabbitMqQueueType.Stream;

    public bool IsSingleActive(string queue) => Of(queue)?.SingleActiveConsumer == true;

    /// <summary>
    /// A queue without a dead-letter exchange drops what it gives up on: from RabbitMQ 4.0 on a quorum queue does so after 20 returns. This library
    /// keeps its own dead letters in the store; the broker's are the net below.
    /// </summary>
    public Dictionary<string, object?> For(string queue, bool singleActive)
    {
        var type = TypeOf(queue);
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = type.ToString().ToLowerInvariant() };
        if (HasDeadQueue(queue))
        {
            arguments["x-dead-letter-exchange"] = options.DeadLetterExchange;
            arguments["x-dead-letter-routing-key"] = queue + DeadSuffix;
            if (type == RabbitMqQueueType.Quorum && (Of(queue)?.DeliveryLimit ?? options.DeliveryLimit) is { } limit)
            {
                arguments["x-delivery-limit"] = limit;
            }
        }

        if (singleActive && type != RabbitMqQueueType.Stream)
        {
            arguments["x-single-active-consumer"] = true;
        }

        if (Of(queue) is { } own)
        {
            foreach (var (name, value) in own.Arguments)
            {
                arguments[name] = value;
            }
        }

        return arguments;
    }

    private RabbitMqQueue? Of(string queue) => options.Queues.TryGetValue(queue, out var own) ? own : null;
}
