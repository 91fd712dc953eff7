using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Reliability;

/// <summary>Declares or verifies one queue or exchange on one connection. A refusal closes the channel, so each piece gets a channel of its own.</summary>
internal sealed class TopologyDeclarer(RabbitMqOptions options, ILogger log)
{
    private readonly QueueArguments _arguments = new(options);
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
        connection, channel => TopologyRefusal.GuardAsync(channel.ExchangeDeclarePassiveAsync(exchange, cancellationToken), reason => TopologyRefusal.OfExchange(exchange, reason)), cancellationToken);

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
        var ordered = _ordered.ContainsKey(queue) || _arguments.IsSingleActive(queue);
        try
        {
            await OnChannelAsync(connection, channel => QueueAsync(channel, queue, ordered, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (TopologyException refusal) when (refusal.IsDifference && options.Topology == RabbitMqTopology.Declare && _arguments.TypeOf(queue) != RabbitMqQueueType.Stream)
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
            await TopologyRefusal.GuardAsync(channel.QueueDeclarePassiveAsync(queue, cancellationToken), reason => TopologyRefusal.OfQueue(queue, reason)).ConfigureAwait(false);
            return;
        }

        if (_arguments.HasDeadQueue(queue))
        {
            var dead = queue + QueueArguments.DeadSuffix;
            await DeclareQueueAsync(channel, dead, singleActive: false, cancellationToken).ConfigureAwait(false);
            if (options.DeadLetterExchange.Length > 0)
            {
                // Before the queue that leads there: a dead-letter route to nowhere drops in silence.
                await BindAsync(channel, new RabbitMqBinding(dead, options.DeadLetterExchange, dead), cancellationToken).ConfigureAwait(false);
            }
        }

        await DeclareQueueAsync(channel, queue, ordered, cancellationToken).ConfigureAwait(false);
    }

    // All flags written out: the client's shorter overload makes the queue exclusive and auto-deleted.
    private Task DeclareQueueAsync(IChannel channel, string queue, bool singleActive, CancellationToken cancellationToken) => TopologyRefusal.GuardAsync(
        channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, _arguments.For(queue, singleActive), passive: false, noWait: false, cancellationToken),
        reason => TopologyRefusal.OfQueue(queue, reason));

    private Task ExchangeAsync(IChannel channel, string exchange, CancellationToken cancellationToken)
    {
        // amq.* belong to the broker: they may be used, not declared.
        var passive = options.Topology == RabbitMqTopology.Verify || exchange.StartsWith("amq.", StringComparison.Ordinal);
        return TopologyRefusal.GuardAsync(
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
            await TopologyRefusal.GuardAsync(
                channel.QueueBindAsync(binding.Queue, binding.Exchange, binding.RoutingKey, arguments: null, noWait: false, cancellationToken),
                reason => new TopologyException($"{binding} is refused: {reason.ReplyText}. Grant the permission, or bind it yourself and set RabbitMqOptions.Topology = Verify"))
                .ConfigureAwait(false);
        }
    }
}
