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
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _consumerTag;
    private bool _acking;

    private ConsumerSession(string queue, IChannel channel, ChannelWriter<Delivery> deliveries)
    {
        (_queue, _channel, _deliveries) = (queue, channel, deliveries);
        channel.ChannelShutdownAsync += (_, closed) => End($"{closed.ReplyCode} {closed.ReplyText}");
    }

    /// <inheritdoc/>
    public IChannel Channel => _channel;

    /// <summary>Ends when no further delivery comes: why.</summary>
    public Task<string> Ended => _ended.Task;

    public static async Task<ConsumerSession> OpenAsync(
        IConnection connection, string queue, ushort prefetch, ChannelWriter<Delivery> deliveries, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(InOrder, cancellationToken).ConfigureAwait(false);
        var session = new ConsumerSession(queue, channel, deliveries);
        try
        {
            // Per consumer: global: true closes the connection where the queue is a quorum queue.
            await channel.BasicQosAsync(prefetchSize: 0, prefetch, global: false, cancellationToken).ConfigureAwait(false);
            session._consumerTag = await channel.BasicConsumeAsync(
                queue, autoAck: false, consumerTag: "", noLocal: false, exclusive: false, arguments: null, session, cancellationToken).ConfigureAwait(false);
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
            // Waited for from outside: the client's call heeds a token only once the broker has answered or its own 20 s are over.
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
        return Task.CompletedTask;
    }

    Task IAsyncBasicConsumer.HandleBasicConsumeOkAsync(string consumerTag, CancellationToken cancellationToken) => Task.CompletedTask;

    Task IAsyncBasicConsumer.HandleBasicCancelOkAsync(string consumerTag, CancellationToken cancellationToken) => End("stopped");

    Task IAsyncBasicConsumer.HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken) =>
        End("the broker cancelled the consumer: its queue was deleted or moved");

    Task IAsyncBasicConsumer.HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason) => End($"{reason.ReplyCode} {reason.ReplyText}");

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
