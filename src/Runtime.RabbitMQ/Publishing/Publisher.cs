using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Publishes in the order of the calls, over one channel, without waiting for one confirm before the next message. While the broker is away or blocks
/// publishers, messages end as unavailable at once: the outbox keeps them, and nobody waits.
/// </summary>
internal sealed class Publisher : IAsyncDisposable
{
    private readonly BrokerLink _link;
    private readonly RabbitMqOptions _options;
    private readonly PublishRules _rules;
    private readonly ExchangeChecks _exchanges;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();

    // Not a single reader: the time limit also takes out what waits too long behind a socket that does not drain.
    private readonly Channel<PendingPublish> _waiting = Channel.CreateUnbounded<PendingPublish>();
    private readonly Task _sending;
    private readonly ITimer _timeLimit;
    private readonly RetiredChannels _retired;
    private volatile PublishChannel? _channel;

    public Publisher(BrokerLink link, RabbitMqOptions options, TimeProvider time, ILogger log)
    {
        (_link, _options, _time, _log) = (link, options, time, log);
        _rules = new PublishRules(options);
        _exchanges = new ExchangeChecks(time);
        _retired = new RetiredChannels(log);
        _sending = Task.Run(SendAsync);
        var tick = TimeSpan.FromMilliseconds(Math.Clamp(options.ConfirmTimeout.TotalMilliseconds / 10, 20, 1000));
        _timeLimit = time.CreateTimer(_ => Expire(), null, tick, tick);
    }

    public Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var route = RabbitMqRoute.Parse(message.Route);
        if (_rules.Refusal(route, message.Envelope) is { } refusal)
        {
            return Task.FromResult(PublishOutcome.Refused(refusal));
        }

        var pending = new PendingPublish(route, message.Envelope, _time.GetTimestamp(), message.CloudEvent);
        if (!_waiting.Writer.TryWrite(pending))
        {
            pending.Complete(Closed);
        }

        return cancellationToken.CanBeCanceled ? pending.Outcome.WaitAsync(cancellationToken) : pending.Outcome;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _timeLimit.DisposeAsync().ConfigureAwait(false);
        // Closing the channel frees a write that waits for a socket which does not drain; so the channel goes first.
        if (_channel is { } channel)
        {
            await channel.DisposeAsync().ConfigureAwait(false);
        }

        await _retired.DisposeAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        _stop.Dispose();
    }

    private PublishOutcome Closed => PublishOutcome.Unavailable($"the transport to {_link.Address} is closed");

    private async Task SendAsync()
    {
        await foreach (var pending in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (pending.IsDone)
            {
                continue;
            }

            try
            {
                await SendAsync(pending).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                pending.Complete(Closed);
            }
#pragma warning disable CA1031 // Opening a channel, or asking for an exchange, failed with the connection; the next message finds out about the next one.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _log.PublishError(error);
                pending.Complete(PublishOutcome.Unavailable(ConnectFailure.Explain(error, _link.Address)));
            }
        }
    }

    private async ValueTask SendAsync(PendingPublish pending)
    {
        // Once more where the channel turns out to be closed with nothing written: the next channel is a new one.
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            if (_link.Blocked is { } blocked)
            {
                pending.Complete(PublishOutcome.Unavailable($"{_link.Address} blocks publishers ({blocked}). Look at its memory and disk alarms"));
                return;
            }

            var (channel, away) = await ReadyChannelAsync().ConfigureAwait(false);
            if (channel is null)
            {
                pending.Complete(PublishOutcome.Unavailable(away!));
                return;
            }

            if (await _exchanges.FindAsync(channel.Connection, pending.Route.Exchange, _stop.Token).ConfigureAwait(false) is { } missing)
            {
                pending.Complete(PublishOutcome.Failed(missing));
                return;
            }

            if (await channel.SendAsync(pending).ConfigureAwait(false))
            {
                return;
            }
        }

        pending.Complete(PublishOutcome.Unavailable($"the channel to {_link.Address} was closed before the message was written"));
    }

    private ValueTask<(PublishChannel? Channel, string? Away)> ReadyChannelAsync() =>
        _channel is { IsOpen: true, IsSuspect: false } channel ? ValueTask.FromResult<(PublishChannel?, string?)>((channel, null)) : OpenChannelAsync();

    private async ValueTask<(PublishChannel? Channel, string? Away)> OpenChannelAsync()
    {
        if (_channel is { } former)
        {
            _channel = null;
            if (former.IsOpen)
            {
                _retired.Add(former);
            }
            else
            {
                _exchanges.Clear();
                await former.DisposeAsync().ConfigureAwait(false);
            }
        }

        var state = await _link.SettledAsync(_stop.Token).ConfigureAwait(false);
        if (state.Connection is not { } connection)
        {
            return (null, state.Reason);
        }

        _channel = await PublishChannel.OpenAsync(connection, _link.Address, _time, _log, _stop.Token).ConfigureAwait(false);
        return (_channel, null);
    }

    /// <summary>
    /// The client knows no time limit. What was sent has failed, since the broker stayed silent, unless it said that it blocks; what was not even sent
    /// found the broker away.
    /// </summary>
    private void Expire()
    {
        var deadline = _time.GetTimestamp() - (long)(_options.ConfirmTimeout.TotalSeconds * _time.TimestampFrequency);
        var late = _link.Blocked is { } blocked
            ? PublishOutcome.Unavailable($"{_link.Address} blocks publishers ({blocked}), not confirmed within {_options.ConfirmTimeout}")
            : PublishOutcome.Failed($"not confirmed within {_options.ConfirmTimeout} (RabbitMqOptions.ConfirmTimeout). It is sent again under its id; look at the queue's health, such as a quorum queue without its majority");
        _channel?.Expire(deadline, late);
        _retired.Expire(deadline, late);
        while (_waiting.Reader.TryPeek(out var oldest) && oldest.Began <= deadline && _waiting.Reader.TryRead(out var unsent))
        {
            unsent.Complete(PublishOutcome.Unavailable($"{_link.Address} did not take it within {_options.ConfirmTimeout}: its connection does not drain"));
        }
    }
}
