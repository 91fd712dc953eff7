using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Reliability;

/// <summary>Declares or verifies one queue or exchange on one connection. A refusal closes the channel, so each piece gets a channel of its own.</summary>
internal sealed class TopologyDeclarer(RabbitMqOptions options, ILogger log)
{
    /// <summary>Queues with this ending take what the broker itself gives up on; they have no such queue in turn.</summary>
    public const string DeadSuffix = ".dead";

    private readonly ConcurrentDictionary<string, bool> _ordered = new();
    private readonly ConcurrentDictionary<string, bool> _warned = new();

    /// <summary>One process at a time may receive from this queue: it is declared so that the broker sees to it.</summary>
    public void KeepOrderOf(string queue) => _ordered[queue] = true;

    /// <summary>The queue, the queue that the broker moves its hopeless messages to, and the bindings that lead to it.</summary>
    /// <exception cref="TopologyException">The broker has it otherwise, or not at all.</exception>
    public async Task EnsureQueueAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        await EnsureQueueAloneAsync(connection, queue, cancellationToken).ConfigureAwait(false);
        await OnChannelAsync(connection, async channel =>
        {
            foreach (var binding in options.Bindings.Where(binding => binding.Queue == queue))
            {
                await BindAsync(channel, binding, cancellationToken).ConfigureAwait(false);
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The exchange, and the queues bound to it by <see cref="RabbitMqOptions.Bindings"/>.</summary>
    /// <exception cref="TopologyException">The broker has it otherwise, or not at all.</exception>
    public async Task EnsureExchangeAsync(IConnection connection, string exchange, CancellationToken cancellationToken)
    {
        var bindings = options.Bindings.Where(binding => binding.Exchange == exchange).ToList();
        await OnChannelAsync(connection, channel => ExchangeAsync(channel, exchange, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var binding in bindings)
        {
            await EnsureQueueAloneAsync(connection, binding.Queue, cancellationToken).ConfigureAwait(false);
            await OnChannelAsync(connection, channel => BindAsync(channel, binding, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Only looks whether the exchange is there.</summary>
    /// <exception cref="TopologyException">It is not.</exception>
    public static Task FindExchangeAsync(IConnection connection, string exchange, CancellationToken cancellationToken) => OnChannelAsync(
        connection, channel => GuardAsync(channel.ExchangeDeclarePassiveAsync(exchange, cancellationToken), reason => TopologyRefusal.OfExchange(exchange, reason)), cancellationToken);

    private static async Task OnChannelAsync(IConnection connection, Func<IChannel, Task> work, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var disposal = channel.ConfigureAwait(false);
        await work(channel).ConfigureAwait(false);
        await channel.CloseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// As the handlers here need it; where the broker has it otherwise only in how many consumers may be active, as it is. Who only sends to a queue does not
    /// know whether its receivers keep an order.
    /// </summary>
    private async Task EnsureQueueAloneAsync(IConnection connection, string queue, CancellationToken cancellationToken)
    {
        var ordered = _ordered.ContainsKey(queue);
        try
        {
            await OnChannelAsync(connection, channel => QueueAsync(channel, queue, ordered, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (TopologyException refusal) when (refusal.IsDifference && options.Topology == RabbitMqTopology.Declare)
        {
            if (!await TryOtherwiseAsync(connection, queue, !ordered, cancellationToken).ConfigureAwait(false))
            {
                throw;
            }

            if (ordered && _warned.TryAdd(queue, true))
            {
                log.OrderNotKept(queue);
            }
        }
    }

    private async Task<bool> TryOtherwiseAsync(IConnection connection, string queue, bool ordered, CancellationToken cancellationToken)
    {
        try
        {
            await OnChannelAsync(connection, channel => QueueAsync(channel, queue, ordered, cancellationToken), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TopologyException)
        {
            // So that is not the difference, or not the only one: the first refusal says it.
            return false;
        }
    }

    private async Task QueueAsync(IChannel channel, string queue, bool ordered, CancellationToken cancellationToken)
    {
        if (options.Topology == RabbitMqTopology.Verify)
        {
            await GuardAsync(channel.QueueDeclarePassiveAsync(queue, cancellationToken), reason => TopologyRefusal.OfQueue(queue, reason, options)).ConfigureAwait(false);
            return;
        }

        var dead = queue + DeadSuffix;
        if (!queue.EndsWith(DeadSuffix, StringComparison.Ordinal))
        {
            await DeclareQueueAsync(channel, dead, Arguments(), cancellationToken).ConfigureAwait(false);
            await DeclareQueueAsync(channel, queue, Arguments(dead, ordered), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await DeclareQueueAsync(channel, queue, Arguments(ordered: ordered), cancellationToken).ConfigureAwait(false);
        }
    }

    // All flags written out: the client's shorter overload makes the queue exclusive and auto-deleted.
    private Task DeclareQueueAsync(IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken cancellationToken) => GuardAsync(
        channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, passive: false, noWait: false, cancellationToken),
        reason => TopologyRefusal.OfQueue(queue, reason, options));

    /// <summary>
    /// A queue without a dead-letter exchange drops what it gives up on: from RabbitMQ 4.0 on a quorum queue does so after 20 returns. This library
    /// keeps its own dead letters in the store; the broker's are the net below.
    /// </summary>
    private Dictionary<string, object?> Arguments(string? dead = null, bool ordered = false)
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = options.QueueType == RabbitMqQueueType.Quorum ? "quorum" : "classic" };
        if (dead is not null)
        {
            arguments["x-dead-letter-exchange"] = "";
            arguments["x-dead-letter-routing-key"] = dead;
        }

        if (ordered)
        {
            arguments["x-single-active-consumer"] = true;
        }

        return arguments;
    }

    private Task ExchangeAsync(IChannel channel, string exchange, CancellationToken cancellationToken)
    {
        // amq.* belong to the broker: they may be used, not declared.
        var passive = options.Topology == RabbitMqTopology.Verify || exchange.StartsWith("amq.", StringComparison.Ordinal);
        return GuardAsync(
            passive
                ? channel.ExchangeDeclarePassiveAsync(exchange, cancellationToken)
                : channel.ExchangeDeclareAsync(exchange, options.ExchangeType, durable: true, autoDelete: false, arguments: null, passive: false, noWait: false, cancellationToken),
            reason => TopologyRefusal.OfExchange(exchange, reason));
    }

    private async Task BindAsync(IChannel channel, RabbitMqBinding binding, CancellationToken cancellationToken)
    {
        await ExchangeAsync(channel, binding.Exchange, cancellationToken).ConfigureAwait(false);
        if (options.Topology == RabbitMqTopology.Declare)
        {
            await GuardAsync(
                channel.QueueBindAsync(binding.Queue, binding.Exchange, binding.RoutingKey, arguments: null, noWait: false, cancellationToken),
                reason => new TopologyException($"{binding} is refused: {reason.ReplyText}. Grant the permission, or bind it yourself and set RabbitMqOptions.Topology = Verify"))
                .ConfigureAwait(false);
        }
    }

    /// <summary>Turns the broker's refusal into words. A lost connection stays what it is.</summary>
    private static async Task GuardAsync(Task asked, Func<ShutdownEventArgs, TopologyException> refusal)
    {
        try
        {
            await asked.ConfigureAwait(false);
        }
        catch (OperationInterruptedException error) when (
            error.ShutdownReason is { Initiator: ShutdownInitiator.Peer, ReplyCode: >= 403 and <= 406 or 530 } reason)
        {
            throw refusal(reason);
        }
    }
}
