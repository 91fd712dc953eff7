using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Reliability;

/// <summary>
/// One AMQP channel with confirms, and what is outstanding on it. The confirms are tracked here and not by the client: its tracking drops the reason of
/// a return, writes a header into each message, and miscounts when a publish is cancelled; the rate is the same.
/// </summary>
internal sealed class PublishChannel : IAsyncDisposable
{
    private static readonly CreateChannelOptions WithConfirms = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);

    /// <summary>How long a broker that no longer answers may hold up closing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long a channel that nacks is kept: a full queue nacks too, and a new channel costs a round trip.</summary>
    private static readonly TimeSpan BeforeSuspected = TimeSpan.FromSeconds(1);

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly BrokerAddress _address;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConfirmLedger _ledger = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly long _opened;
    private volatile bool _nacked;

    private PublishChannel(IConnection connection, IChannel channel, BrokerAddress address, TimeProvider time, ILogger log)
    {
        (_connection, _channel, _address, _time, _log, _opened) = (connection, channel, address, time, log, time.GetTimestamp());
        channel.BasicAcksAsync += (_, ack) => Answered(ack.DeliveryTag, ack.Multiple, PublishOutcome.Confirmed);
        channel.BasicNacksAsync += (_, nack) =>
        {
            _nacked = true;
            return Answered(nack.DeliveryTag, nack.Multiple, PublishOutcome.Failed(
                "the broker nacked the message: a queue did not take it. Look at the queue's length limit (x-overflow), its leader (rabbitmqctl list_queues name state leader) and the broker's log"));
        };
        channel.BasicReturnAsync += OnReturnAsync;
        channel.ChannelShutdownAsync += OnShutdownAsync;
    }

    public bool IsOpen => _channel.IsOpen;

    public IConnection Connection => _connection;

    /// <summary>
    /// True after a nack, a moment after opening. A channel of RabbitMQ 3.10 that was opened while a quorum queue was without its leader goes on nacking when it has one
    /// again; a new channel finds the leader.
    /// </summary>
    public bool IsSuspect => _nacked && _time.GetElapsedTime(_opened) >= BeforeSuspected;

    /// <summary>True while a confirm is outstanding.</summary>
    public bool IsAwaited => !_ledger.IsEmpty;

    public static async Task<PublishChannel> OpenAsync(
        IConnection connection, BrokerAddress address, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(WithConfirms, cancellationToken).ConfigureAwait(false);
        var opened = new PublishChannel(connection, channel, address, time, log);
        // Closed before anyone listened: then nobody would tell those who wait.
        if (channel.CloseReason is { } closed)
        {
            await opened.OnShutdownAsync(channel, closed).ConfigureAwait(false);
        }

        return opened;
    }

    /// <summary>Writes one message; its outcome comes later. Not for several callers at once: the order of writing is the order of numbers.</summary>
    /// <returns>False where the channel is closed and nothing was written.</returns>
    public async ValueTask<bool> SendAsync(PendingPublish pending)
    {
        if (pending.Envelope is not { } envelope)
        {
            return true;
        }

        if (PublishRules.FrameRefusal(pending, _connection.FrameMax) is { } refusal)
        {
            pending.Complete(PublishOutcome.Refused(refusal));
            return true;
        }

        if (!_ledger.TryAdd(pending))
        {
            return false;
        }

        try
        {
            // No token: the client's count of sequence numbers does not survive a cancelled publish.
            var writing = _channel.BasicPublishAsync(
                pending.Route.Exchange, pending.Route.RoutingKey, mandatory: true, WireEnvelope.ToProperties(envelope, pending.CloudEvent, _time.GetUtcNow()), envelope.Body, CancellationToken.None);
            if (writing.IsCompleted)
            {
                await writing.ConfigureAwait(false);
            }
            else
            {
                await WriteOrCloseAsync(writing.AsTask()).ConfigureAwait(false);
            }

            return true;
        }
#pragma warning disable CA1031 // Whatever the client throws, the caller must hear of it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _ledger.TakeBackNewest();
            _log.PublishError(error);
            if (!_channel.IsOpen)
            {
                return pending.IsDone;
            }

            // An open channel should have taken it. Whether the broker counts it is not known, and from here on every number could be off by one.
            pending.Complete(PublishOutcome.Failed($"the message could not be written: {error.GetType().Name}: {ConnectFailure.WithoutStop(error.Message)}"));
            await _channel.AbortAsync(CancellationToken.None).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        }
    }

    public void Expire(long deadline, PublishOutcome outcome) => _ledger.Expire(deadline, outcome);

    public async ValueTask DisposeAsync()
    {
        foreach (var pending in _ledger.Close())
        {
            pending.Complete(PublishOutcome.Unavailable($"the channel to {_address} was closed before the confirm came"));
        }

        _closed.TrySetResult();
        try
        {
            await _channel.DisposeAsync().AsTask().WaitAsync(Patience).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It is being thrown away.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _log.PublishError(error);
        }
    }

    /// <summary>
    /// A write that waits for room while the socket dies never returns (client 7.1.2): it holds the lock that the client's own shutdown waits for. The
    /// shutdown event comes before that, and has told the message's sender already.
    /// </summary>
    private async Task WriteOrCloseAsync(Task writing)
    {
        if (await Task.WhenAny(writing, _closed.Task).ConfigureAwait(false) == writing)
        {
            await writing.ConfigureAwait(false);
        }
    }

    private Task Answered(ulong number, bool multiple, PublishOutcome outcome)
    {
        _ledger.Answer(number, multiple, outcome);
        return Task.CompletedTask;
    }

    private Task OnReturnAsync(object sender, BasicReturnEventArgs returned)
    {
        var route = new RabbitMqRoute(returned.Exchange, returned.RoutingKey);
        _ledger.Return(
            route, returned.BasicProperties.MessageId ?? "", returned.Body.Length,
            $"returned: {returned.ReplyCode} {returned.ReplyText}: no queue takes it by {route}. Declare or bind one, or correct the route");
        return Task.CompletedTask;
    }

    private Task OnShutdownAsync(object sender, ShutdownEventArgs closed)
    {
        var outstanding = _ledger.Close();
        var connectionLost = _connection.CloseReason is not null;
        var verdict = new ChannelVerdict(closed, connectionLost, ConnectFailure.Explain(closed, _address), outstanding);
        if (!connectionLost && closed.Initiator == ShutdownInitiator.Peer)
        {
            _log.PublishChannelClosed(outstanding.Count, $"{closed.ReplyCode} {ConnectFailure.WithoutStop(closed.ReplyText)}");
        }

        foreach (var pending in outstanding)
        {
            pending.Complete(verdict.Of(pending));
        }

        _closed.TrySetResult();
        return Task.CompletedTask;
    }
}
