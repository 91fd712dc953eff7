using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Reliability;

/// <summary>
/// Durable queues in the store itself. A message is an outbox row that its handler consumes in place: no second copy is written, and the row leaves
/// in the transaction that handles it.
/// </summary>
internal sealed class LocalTransport(
    IMessageStore store, OutboxIntakes intakes, IOptions<ReliabilityOptions> options, TimeProvider time, ILogger<LocalTransport> log) : ITransport
{
    private readonly List<LocalSubscription> _subscriptions = [];
    private volatile bool _closed;

    public string Name => TransportNames.Local;

    public int MaxBodyBytes => options.Value.MaxBodyBytes;

    public ValueTask StartAsync(Topology topology, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<ISubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken)
    {
        // An owner for each, so that two subscriptions of one queue do not prolong each other's leases.
        var relay = options.Value.Relay;
        var lease = new Lease($"local-{Guid.NewGuid():N}", relay.Lease);
        OutboxIntake? intake = null;
        // A store that one process at a time uses has one process at a time at its queues.
        var turn = request.Ordered && !store.IsExclusive ? new QueueTurn(store.Leases, request.Source, lease, () => intake!.Wake(), time, log) : null;
        intake = new OutboxIntake(store.Outbox, Name, request.Source, request.Prefetch, lease, relay.PollInterval, time, log)
        {
            CapacityBytes = request.PrefetchBytes,
            LargestBody = request.PrefetchBytes == long.MaxValue ? 0 : MaxBodyBytes,
            HasTurn = turn is null ? static () => true : () => turn.IsHeld,
            IdlePoll = relay.IdlePollInterval,
        };
        intakes.Add(intake);
        var subscription = new LocalSubscription(intake, store, turn, relay.PollInterval, log);
        lock (_subscriptions)
        {
            _subscriptions.Add(subscription);
        }

        return ValueTask.FromResult<ISubscription>(subscription);
    }

    /// <summary>Puts a message into a queue in a transaction of its own: its commit is the confirm.</summary>
    public async Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (message.Envelope.Body.Length > MaxBodyBytes)
        {
            return PublishOutcome.Refused(
                $"The body has {message.Envelope.Body.Length:N0} bytes; {nameof(ReliabilityOptions)}.{nameof(ReliabilityOptions.MaxBodyBytes)} allows {MaxBodyBytes:N0}.");
        }

        if (_closed)
        {
            return PublishOutcome.Unavailable("The local transport is closed.");
        }

        try
        {
            var row = new OutboxRow { Transport = Name, Route = message.Route, Envelope = message.Envelope, CreatedAt = time.GetUtcNow() };
            var work = await store.BeginAsync(cancellationToken).ConfigureAwait(false);
            await using var rollback = work.ConfigureAwait(false);
            await work.AddToOutboxAsync([row], lease: null, cancellationToken).ConfigureAwait(false);
            await work.CommitAsync(cancellationToken).ConfigureAwait(false);
            intakes.Find(row)?.Wake();
            return PublishOutcome.Confirmed;
        }
        catch (Exception error) when (store.IsUnavailable(error) || error is OperationCanceledException)
        {
            return PublishOutcome.Unavailable($"The store is away: {error.Message}");
        }
    }

    /// <summary>The store is its broker, and is looked after by itself.</summary>
    public ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(_closed ? TransportState.Away("The local transport is closed.") : TransportState.Connected);

    public async ValueTask DisposeAsync()
    {
        _closed = true;
        List<LocalSubscription> open;
        lock (_subscriptions)
        {
            open = [.. _subscriptions];
            _subscriptions.Clear();
        }

        foreach (var subscription in open)
        {
            await subscription.DisposeAsync().ConfigureAwait(false);
        }
    }
}
