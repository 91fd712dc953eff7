using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Sends the outbox rows of one transport: as many at once as the window allows, and each leaves the outbox only after the broker's confirm. Rows of one key go one
/// after the other. A broker that is away stops the lane, not the callers: the outbox grows. One loop owns all state; answers come to it from any thread.
/// </summary>
internal sealed class RelayLane : IDisposable
{
    private readonly ITransport _transport;
    private readonly OutboxIntake _intake;
    private readonly RelayOutcomes _outcomes;
    private readonly ReliabilityOptions _options;
    private readonly RelayObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ConcurrentQueue<Send> _answered = new();
    private readonly SendList _underWay = new();
    private readonly Stack<Send> _spare = new();
    private readonly RowsToSend _rows;
    private readonly BrokerPause _pause;
    private readonly ITimer _alarm;
    private readonly ITimer _silence;
    private int _woken;

    public RelayLane(ITransport transport, IMessageStore store, OutboxIntake intake, ReliabilityOptions options, RelayObserver observer, TimeProvider time, ILogger log)
    {
        (_transport, _intake, _options, _observer, _time, _log) = (transport, intake, options, observer, time, log);
        _outcomes = new RelayOutcomes(store, intake, options, observer, time, log);
        _rows = new RowsToSend(ordered: intake.Parts is not null);
        _pause = new BrokerPause(time);
        _alarm = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var tick = options.Relay.OutcomeTimeout / 10;
        _silence = time.CreateTimer(_ => Wake(), null, tick, tick);
        intake.Arrived = Wake;
    }

    /// <summary>Runs until cancelled, then finishes what is in hand until <paramref name="abort"/> is cancelled too.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var claiming = ClaimAsync(stop);
        var recording = _outcomes.RunAsync(abort);
        await SendAsync(abort).ConfigureAwait(false);
        _outcomes.Complete();
        await claiming.ConfigureAwait(false);
        await recording.ConfigureAwait(false);
        _intake.GiveBack(_rows.TakeAll());
    }

    public void Dispose()
    {
        _alarm.Dispose();
        _silence.Dispose();
    }

    private async Task ClaimAsync(CancellationToken stop)
    {
        await _intake.RunAsync(stop).ConfigureAwait(false);
        _intake.Close();
    }

    private async Task SendAsync(CancellationToken abort)
    {
        using var aborted = abort.UnsafeRegister(static lane => ((RelayLane)lane!).Wake(), this);
        while (true)
        {
            // Before looking: what comes from here on wakes again.
            Interlocked.Exchange(ref _woken, 0);
            TakeRows();
            TakeAnswers();
            GiveUpSilent();
            BeginSends();
            if (abort.IsCancellationRequested && (_rows.Count > 0 || _underWay.Count > 0))
            {
                _log.RelayAborted(_transport.Name);
                return;
            }

            if (IsDone())
            {
                return;
            }

            _observer.InHand(_transport.Name, _rows.Count + _underWay.Count, _underWay.Count);
            SetAlarm();
            await _wake.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing more comes, nothing is under way, and what waits, waits for a broker that is away: a host that stops does not.</summary>
    private bool IsDone() => _underWay.Count == 0 && _answered.IsEmpty && _intake.Rows.Completion.IsCompleted && (_rows.Count == 0 || _pause.IsAway);

    private void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0)
        {
            _wake.Writer.TryWrite(true);
        }
    }

    /// <summary>Each time anew while the broker is away: a timer may go off a little before the pause is over.</summary>
    private void SetAlarm()
    {
        if (_rows.Count > 0 && _pause.Wait is { } wait)
        {
            _alarm.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void TakeRows()
    {
        while (_intake.Rows.TryRead(out var row))
        {
            _rows.Add(row);
        }
    }

    private void BeginSends()
    {
        var closing = _intake.Rows.Completion.IsCompleted;
        while (_underWay.Count < _options.Relay.Window && !(closing && _pause.IsAway) && _pause.MaySend() && _rows.TryTake(out var row))
        {
            if (!HoldsPartOf(row))
            {
                _pause.Dropped(row);
                _intake.GiveBack([row, .. _rows.TakeFollowers(row)]);
            }
            else if (row.ExpiresAt is { } expiresAt && expiresAt <= _time.GetUtcNow())
            {
                Failed(new SentRow(row, PublishOutcome.Refused($"It expired at {expiresAt:O}, before it was sent."), Expired: true));
            }
            else
            {
                Begin(row);
            }
        }
    }

    private bool HoldsPartOf(OutboxRow row) =>
        row.OrderKey is not { } key || _intake.Parts is not { FromMemory: false } parts || parts.Holds(OutboxRow.PartOf(key));

    private void Begin(OutboxRow row)
    {
        _pause.Sending(row);
        var message = _observer.Beginning(row, new OutgoingMessage(row.Route, row.Envelope) { ExpiresAt = row.ExpiresAt, CloudEvent = CloudEventOf(row) }, out var scope);
        Task<PublishOutcome> answer;
        try
        {
            // No token: whoever stops the lane stops waiting, and the transport ends the send when it closes.
            answer = _transport.PublishAsync(message, CancellationToken.None);
        }
#pragma warning disable CA1031 // A transport that throws has broken its contract; the row stays, and an attempt counts.
        catch (Exception error)
#pragma warning restore CA1031
        {
            answer = Task.FromResult(PublishOutcome.Failed(ErrorText.Of(error)));
        }

        var send = _spare.TryPop(out var spare) ? spare : new Send(Answered);
        _underWay.Add(send);
        send.Begin(row, scope, _time.GetTimestamp(), answer);
    }

    private CloudEvent? CloudEventOf(OutboxRow row) => _options.CloudEvents is { Enabled: true, Source: { } source } options && row.Envelope.MessageName is { } name
        ? new CloudEvent(row.Envelope.MessageId, source, options.TypePrefix + name, row.CreatedAt)
        : null;

    private void Answered(Send send)
    {
        _answered.Enqueue(send);
        Wake();
    }

    private void TakeAnswers()
    {
        while (_answered.TryDequeue(out var send))
        {
            if (send.GivenUp)
            {
                continue;
            }

            _underWay.Remove(send);
            var (row, outcome) = (send.Row, send.Outcome());
            _observer.Ended(row, send.Scope, outcome, _time.GetElapsedTime(send.Began));
            send.Clear();
            _spare.Push(send);
            Sent(new SentRow(row, outcome));
        }
    }

    private void Sent(SentRow sent)
    {
        if (sent.Outcome.Status == PublishStatus.Unavailable)
        {
            Away(sent);
            return;
        }

        if (_pause.IsAway)
        {
            _pause.Answered();
            _log.BrokerBack(_transport.Name);
        }

        if (sent.Outcome.Status == PublishStatus.Confirmed)
        {
            _rows.Done(sent.Row);
            _outcomes.Add(sent);
        }
        else
        {
            Failed(sent);
        }
    }

    /// <summary>The row stays in hand, and is the next to be tried: nothing is written for a broker that is away.</summary>
    private void Away(SentRow sent)
    {
        if (!_pause.IsAway)
        {
            _log.BrokerAway(_transport.Name, sent.Outcome.Reason ?? "no reason given");
        }

        _rows.PutBack(sent.Row);
        _pause.Away(sent.Row);
    }

    private void Failed(SentRow sent)
    {
        var followers = _rows.TakeFollowers(sent.Row);
        if (sent.Row.OrderKey is { } key && _intake.Parts is not null)
        {
            // In this order: a claim that is under way must not bring back what is given back here.
            _intake.HoldBack(key, followers.Count > 0);
            _intake.GiveBack(followers);
        }

        _outcomes.Add(sent);
    }

    private void GiveUpSilent()
    {
        while (_underWay.Oldest is { } send && _time.GetElapsedTime(send.Began) >= _options.Relay.OutcomeTimeout)
        {
            // Answered after all, but not taken yet.
            if (send.Answer.IsCompleted)
            {
                return;
            }

            send.GivenUp = true;
            _underWay.Remove(send);
            _pause.Dropped(send.Row);
            _log.TransportSilent(_transport.Name, send.Row.Envelope.MessageId, _options.Relay.OutcomeTimeout);
            var outcome = PublishOutcome.Failed($"The transport said nothing within {_options.Relay.OutcomeTimeout} (ReliabilityOptions.Relay.OutcomeTimeout).");
            _observer.Ended(send.Row, send.Scope, outcome, _time.GetElapsedTime(send.Began));
            Failed(new SentRow(send.Row, outcome));
        }
    }
}
