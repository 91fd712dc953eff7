using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Reliability;

/// <summary>RabbitMQ, by one connection for publishing and one for receiving: a broker that blocks publishers goes on taking acks.</summary>
internal sealed class RabbitMqTransport : ITransport
{
    private readonly RabbitMqOptions _options;
    private readonly IReadOnlyList<BrokerAddress> _nodes;
    private readonly TopologyDeclarer _declarer;
    private readonly TimeProvider _time;
    private readonly ILogger<RabbitMqTransport> _log;
    private readonly List<RabbitMqSubscription> _subscriptions = [];
    private readonly BrokerLink _receiving;
    private BrokerLink? _publishing;
    private Publisher? _publisher;
    private int _disposed;

    public RabbitMqTransport(IOptions<RabbitMqOptions> options, TimeProvider time, ILogger<RabbitMqTransport> log)
    {
        _options = options.Value;
        _nodes = BrokerAddress.Nodes(_options);
        (_time, _log) = (time, log);
        _declarer = new TopologyDeclarer(_options, log);
        _receiving = new BrokerLink(_nodes, _options, "receiver", (_, _) => Task.CompletedTask, time, log);
    }

    public string Name => TransportNames.RabbitMq;

    public int MaxBodyBytes => _options.MaxBodyBytes;

    public ValueTask StartAsync(Topology topology, CancellationToken cancellationToken)
    {
        if (_publisher is not null)
        {
            throw new InvalidOperationException("The RabbitMQ transport was started before.");
        }

        foreach (var queue in topology.OrderedSources)
        {
            _declarer.KeepOrderOf(queue);
        }

        var keeper = new TopologyKeeper(topology, _declarer, _options, _time, _log);
        _publishing = new BrokerLink(_nodes, _options, "publisher", keeper.EnsureAsync, _time, _log);
        _publisher = new Publisher(_publishing, _options, _time, _log);
        _publishing.Start();
        return ValueTask.CompletedTask;
    }

    public ValueTask<ISubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Prefetch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Prefetch, ushort.MaxValue);
        if (_publisher is null)
        {
            throw new InvalidOperationException("The RabbitMQ transport is not started.");
        }

        if (request.Ordered)
        {
            _declarer.KeepOrderOf(request.Source);
        }

        var subscription = new RabbitMqSubscription(request, _receiving, _declarer, _options, _time, _log);
        lock (_subscriptions)
        {
            if (_subscriptions.Count == 0)
            {
                _receiving.Start();
            }

            _subscriptions.Add(subscription);
        }

        return ValueTask.FromResult<ISubscription>(subscription);
    }

    public Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        _publisher?.PublishAsync(message, cancellationToken) ?? Task.FromResult(PublishOutcome.Unavailable("the RabbitMQ transport is not started"));

    public ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken)
    {
        bool receives;
        lock (_subscriptions)
        {
            receives = _subscriptions.Count > 0;
        }

        var trouble = _publishing is null ? "the RabbitMQ transport is not started" : _publishing.Trouble ?? (receives ? _receiving.Trouble : null);
        return ValueTask.FromResult(trouble is null ? TransportState.Connected : TransportState.Away(trouble));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        List<RabbitMqSubscription> subscriptions;
        lock (_subscriptions)
        {
            subscriptions = [.. _subscriptions];
            _subscriptions.Clear();
        }

        // All at once: each may have to wait for a broker that no longer answers.
        await Task.WhenAll(CloseSubscriptionsAsync(subscriptions), ClosePublisherAsync()).ConfigureAwait(false);
    }

    private async Task CloseSubscriptionsAsync(IReadOnlyList<RabbitMqSubscription> subscriptions)
    {
        await Task.WhenAll(subscriptions.Select(subscription => subscription.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _receiving.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ClosePublisherAsync()
    {
        if (_publisher is not null)
        {
            await _publisher.DisposeAsync().ConfigureAwait(false);
            await _publishing!.DisposeAsync().ConfigureAwait(false);
        }
    }
}
