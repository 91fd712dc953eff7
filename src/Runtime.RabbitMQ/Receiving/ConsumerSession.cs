using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Reliability;

/// <summary>
/// One consumer on one channel, from its basic.consume to its end: the channel or connection is lost, the broker cancels it (its queue was deleted), or
/// we stop. The subscription then opens the next; deliveries of this one can no longer be settled.
/// </summary>
internal sealed class ConsumerSession : IAsyncBasicConsumer, IAsyncDisposable
{
    /// <summary>One at a time: deliveries keep their order.</summary>
    private static readonly CreateChannelOptions InOrder =
        new(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false, outstandingPublisherConfirmationsRateLimiter: null, consumerDispatchConcurrency: 1);

    /// <summary>How long a broker that no longer answers may hold up stopping and closing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long what is done waits for what lies below it.</summary>
    private static readonly TimeSpan AckPause = TimeSpan.FromMilliseconds(20);

    private readonly string _queue;
    private readonly IChannel _channel;
    private readonly ChannelWriter<Delivery> _deliveries;
    private readonly UnsettledTags _unsettled = new();
    private readonly SemaphoreSlim _settling = new(1, 1);
    private readonly SemaphoreSlim _consuming = new(1, 1);
    private readonly PrefetchBudget _budget;
    private readonly bool _mayChange;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _consumerTag;
    private volatile bool _stopping;
    private int _changing;
    private bool _acking;

    private ConsumerSession(SubscriptionRequest request, PrefetchBudget budget, IChannel channel, ChannelWriter<Delivery> deliveries)
    {
        (_queue, _budget, _channel, _deliveries) = (request.Source, budget, channel, deliveries);
        // To consume anew would make the next process in the queue's line the active one, while this one still has messages in hand.
        _mayChange = !request.Ordered;
        channel.ChannelShutdownAsync += (_, closed) => End(Why(closed));
    }

    /// <inheritdoc/>
    public IChannel Channel => _channel;

    /// <summary>Ends when no further delivery comes: why.</summary>
    public Task<string> Ended => _ended.Task;

    public static async Task<ConsumerSession> OpenAsync(
        IConnection connection, SubscriptionRequest request, PrefetchBudget budget, ChannelWriter<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(InOrder, cancellationToken).ConfigureAwait(false);
        var session = new ConsumerSession(request, budget, channel, deliveries);
        try
        {
            await TopologyRefusal.GuardAsync(session.ConsumeAsync(cancellationToken), reason => TopologyRefusal.OfQueue(request.Source, reason)).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Acks. What was settled before is passed over. What lies above unfinished deliveries waits a moment for them: one ack can say it of all, and a quorum queue
    /// takes each ack through its log.
    /// </summary>
    /// <returns>False where the channel is gone.</returns>
    public Task<bool> AckAsync(IReadOnlyList<ulong> tags) => SettlingAsync(async () =>
    {
        if (_unsettled.Finish(tags, out var waiting) is > 0 and var together)
        {
            await _channel.BasicAckAsync(together, multiple: true, CancellationToken.None).ConfigureAwait(false);
        }

        if (waiting && !_acking)
        {
            _acking = true;
            _ = AckDoneSoonAsync();
        }
    });

    /// <summary>Gives back, to be delivered again. A nack and not a reject: newer brokers count rejects as failures of the message.</summary>
    /// <returns>False where the channel is gone.</returns>
    public Task<bool> ReturnAsync(IReadOnlyList<ulong> tags) => SettlingAsync(async () =>
    {
        // First: "all below" must not give back what is done.
        await AckDoneAsync().ConfigureAwait(false);
        var single = new List<ulong>(tags.Count);
        if (_unsettled.Take(tags, single) is > 0 and var together)
        {
            await _channel.BasicNackAsync(together, multiple: true, requeue: true, CancellationToken.None).ConfigureAwait(false);
        }

        foreach (var tag in single)
        {
            await _channel.BasicNackAsync(tag, multiple: false, requeue: true, CancellationToken.None).ConfigureAwait(false);
        }
    });

    /// <summary>Asks for no more, and returns when the last delivery that was on its way has been handed over.</summary>
    public async Task StopAsync()
    {
        try
        {
            if (!await _consuming.WaitAsync(Patience).ConfigureAwait(false))
            {
                throw new TimeoutException("The broker does not answer.");
            }

            _stopping = true;
            // Waited for from outside: the client's call heeds a token only once the broker has answered or its own 20 s are over. Whoever stops keeps the consumer from
            // being changed any more.
            await _channel.BasicCancelAsync(_consumerTag!, noWait: false, CancellationToken.None).WaitAsync(Patience).ConfigureAwait(false);
            await _ended.Task.WaitAsync(Patience).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever keeps the broker from answering: nothing more is taken from this channel, and closing it gives the rest back.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _ended.TrySetResult(error.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult("closed");
        // What is not acked in time comes again, and is known.
        await ((Task)SettlingAsync(AckDoneAsync)).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await _channel.DisposeAsync().AsTask().WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception error) when (IsGone(error) || error is TimeoutException or OperationCanceledException)
        {
            // Closing what is closed, or does not answer: the broker has its deliveries back, or gets them with the connection.
        }
    }

    Task IAsyncBasicConsumer.HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        _unsettled.Add(deliveryTag);
        // Never full: the broker sends no more than the prefetch, and what came by an older channel is taken out before this one opens.
        _deliveries.TryWrite(new RabbitMqDelivery(_queue, WireEnvelope.FromDelivery(properties, body), redelivered, this, deliveryTag));
        if (_budget.Saw(body.Length) && _mayChange && Interlocked.Exchange(ref _changing, 1) == 0)
        {
            // Apart from the dispatcher, which must go on for the answers to come.
            _ = Task.Run(ChangePrefetchAsync, CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    Task IAsyncBasicConsumer.HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken) => Task.CompletedTask;

    Task IAsyncBasicConsumer.HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken) =>
        _stopping ? End("stopped") : Task.CompletedTask;

    Task IAsyncBasicConsumer.HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken) =>
        End("the broker cancelled the consumer: its queue was deleted or moved");

    Task IAsyncBasicConsumer.HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => End(Why(reason));

    private async Task ConsumeAsync(CancellationToken cancellationToken)
    {
        // Per consumer: global: true closes the connection where the queue is a quorum queue. For consumers to come: one that is there keeps its own.
        await _channel.BasicQosAsync(prefetchSize: 0, (ushort)_budget.Ask(), global: false, cancellationToken).ConfigureAwait(false);
        _consumerTag = await _channel.BasicConsumeAsync(
            _queue, autoAck: false, consumerTag: "", noLocal: false, exclusive: false, arguments: null, consumer: this, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A consumer in place of this one. What is in hand stays in hand; no delivery is lost or comes out of its order.</summary>
    private async Task ChangePrefetchAsync()
    {
        if (!await _consuming.WaitAsync(0).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            await _channel.BasicCancelAsync(_consumerTag!, noWait: false, CancellationToken.None).ConfigureAwait(false);
            await ConsumeAsync(CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is: without a consumer nothing comes, so the session ends, and the next one begins.
        catch (Exception error)
#pragma warning restore CA1031
        {
            await End($"the prefetch could not be changed: {ConnectFailure.WithoutStop(error.Message)}").ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _changing, 0);
            _consuming.Release();
        }
    }

    private static string Why(ShutdownEventArgs closed) => closed.ReplyText.Contains("delivery acknowledgement", StringComparison.Ordinal)
        ? "a message was not settled within the broker's consumer_timeout, so the broker took back all that was unsettled "
            + $"({closed.ReplyCode} {ConnectFailure.WithoutStop(closed.ReplyText)}). Raise consumer_timeout above what a handler and the messages before it take, or lower Prefetch or the handler's time-out"
        : $"{closed.ReplyCode} {ConnectFailure.WithoutStop(closed.ReplyText)}";

    private Task End(string reason)
    {
        _ended.TrySetResult(reason);
        return Task.CompletedTask;
    }

    /// <summary>An unfinished delivery may stay so for long, and meanwhile what is done must not count against the prefetch.</summary>
    private async Task AckDoneSoonAsync()
    {
        await Task.Delay(AckPause).ConfigureAwait(false);
        await SettlingAsync(async () =>
        {
            _acking = false;
            await AckDoneAsync().ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task AckDoneAsync()
    {
        foreach (var tag in _unsettled.TakeDone())
        {
            await _channel.BasicAckAsync(tag, multiple: false, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task<bool> SettlingAsync(Func<Task> settleAsync)
    {
        // One at a time from the choice to the last write: "all below 10" written before another caller's "all below 5" would make that one wrong.
        await _settling.WaitAsync().ConfigureAwait(false);
        try
        {
            await settleAsync().ConfigureAwait(false);
            return _channel.IsOpen;
        }
        catch (Exception error) when (IsGone(error))
        {
            return false;
        }
        finally
        {
            _settling.Release();
        }
    }

    private static bool IsGone(Exception error) =>
        error is OperationInterruptedException or ObjectDisposedException or IOException or System.Threading.Channels.ChannelClosedException;
}
