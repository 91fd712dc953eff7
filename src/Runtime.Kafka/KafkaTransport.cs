using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Kafka topics as sources and routes.</summary>
internal sealed class KafkaTransport(KafkaOptions options, TimeProvider time, ILogger<KafkaTransport> log) : ITransport
{
    private readonly ConcurrentBag<KafkaSubscription> _subscriptions = [];
    private readonly CancellationTokenSource _stop = new();
    private KafkaPublisher? _publisher;
    private bool _disposed;
    private Task _checking = Task.CompletedTask;

    public string Name => TransportNames.Kafka;

    public bool GivesPositions => true;

    /// <summary>Where subscriptions learn which topic bears a name.</summary>
    public Func<Handle, ITopicIds> TopicIds { get; init; } = static consumer => new TopicIds(consumer);

    public int MaxBodyBytes => options.MaxBodyBytes;

    /// <exception cref="InvalidOperationException">The client refuses its settings, or topics are required to be made otherwise.</exception>
    public async ValueTask StartAsync(Topology topology, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Topics != KafkaTopicCheck.Trust && topology.Sources.Concat(topology.Routes).Distinct().ToList() is { Count: > 0 } topics)
        {
            var check = new TopicCheck(options, topics, time, log);
            if (options.Topics == KafkaTopicCheck.Require)
            {
                await check.RequireAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                _checking = check.WarnAsync(_stop.Token);
            }
        }

        _publisher = new KafkaPublisher(options, Trouble("producer"), time, log);
        log.KafkaStarted(options.BootstrapServers, options.GroupId);
    }

    /// <exception cref="ArgumentException">The source is a pattern.</exception>
    /// <exception cref="InvalidOperationException">The client refuses its settings.</exception>
    public ValueTask<ISubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Source.StartsWith('^'))
        {
            throw new ArgumentException($"'{request.Source}' is a pattern; a Kafka handler names one topic.", nameof(request));
        }

        var subscription = new KafkaSubscription(request, options, TopicIds, Trouble("consumer"), log);
        _subscriptions.Add(subscription);
        return ValueTask.FromResult<ISubscription>(subscription);
    }

    public Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        (_publisher ?? throw new InvalidOperationException("The Kafka transport has not been started.")).PublishAsync(message, cancellationToken);

    public ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken) => _publisher is null
        ? ValueTask.FromResult(TransportState.Away("The Kafka transport has not been started."))
        : _publisher.CheckAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_subscriptions.Select(subscription => subscription.DisposeAsync().AsTask())).ConfigureAwait(false);
        if (_publisher is not null)
        {
            await _publisher.DisposeAsync().ConfigureAwait(false);
        }

        await _checking.ConfigureAwait(false);
        _stop.Dispose();
    }

    private TroubleLog Trouble(string client) => new(client, options.BootstrapServers, time, log);
}
