using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Sends the outbox rows of one transport: as many at once as the window allows, in the order they were written, and each row leaves the outbox only
/// after the broker's confirm. A broker that is away stops the lane, not the callers: the outbox grows.
/// </summary>
internal sealed class RelayLane(ITransport transport, IMessageStore store, OutboxIntake intake, RelayOptions options, TimeProvider time, ILogger log)
    : IDisposable
{
    private readonly SemaphoreSlim _window = new(options.Window, options.Window);
    private readonly Channel<(OutboxRow Row, PublishOutcome Outcome)> _outcomes =
        Channel.CreateUnbounded<(OutboxRow, PublishOutcome)>(new() { SingleReader = true });
    private readonly RelayOutcomes _recorder = new(store, options, transport.Name, time, log);
    private volatile int _away;

    /// <summary>Runs until cancelled, then finishes what is in hand until <paramref name="abort"/> is cancelled too.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var claiming = intake.RunAsync(stop);
        var sending = SendAsync(stop, abort);
        var recording = RecordAsync(abort);
        await claiming.ConfigureAwait(false);
        intake.Close();
        await sending.ConfigureAwait(false);
        await recording.ConfigureAwait(false);
    }

    public void Dispose() => _window.Dispose();

    private async Task SendAsync(CancellationToken stop, CancellationToken abort)
    {
        try
        {
            await foreach (var row in intake.Rows.ReadAllAsync(abort).ConfigureAwait(false))
            {
                await PauseWhileAwayAsync(stop).ConfigureAwait(false);
                await _window.WaitAsync(abort).ConfigureAwait(false);
                if (_away != 0 && stop.IsCancellationRequested)
                {
                    // A host that stops does not wait for a broker that is away.
                    _outcomes.Writer.TryWrite((row, PublishOutcome.Unavailable("The host stops.")));
                    continue;
                }

                _ = SendAsync(row, abort);
            }

            // All slots free: every send has its outcome recorded.
            for (var slot = 0; slot < options.Window; slot++)
            {
                await _window.WaitAsync(abort).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            log.RelayAborted(transport.Name);
        }
        finally
        {
            _outcomes.Writer.TryComplete();
        }
    }

    private async Task SendAsync(OutboxRow row, CancellationToken abort)
    {
        PublishOutcome outcome;
        try
        {
            outcome = await transport.PublishAsync(new OutgoingMessage(row.Route, row.Envelope), abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            outcome = PublishOutcome.Unavailable("The host stopped before the confirm came.");
        }
#pragma warning disable CA1031 // A transport that throws has broken its contract; the row stays, and an attempt counts.
        catch (Exception error)
#pragma warning restore CA1031
        {
            outcome = PublishOutcome.Failed(ErrorText.Of(error));
        }

        _outcomes.Writer.TryWrite((row, outcome));
    }

    private async Task RecordAsync(CancellationToken abort)
    {
        var batch = new List<(OutboxRow Row, PublishOutcome Outcome)>();
        while (await _outcomes.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (batch.Count < options.Window && _outcomes.Reader.TryRead(out var outcome))
            {
                batch.Add(outcome);
            }

            Watch(batch);
            await _recorder.RecordAsync(batch, abort).ConfigureAwait(false);
            intake.Release(batch.ConvertAll(outcome => outcome.Row.Id));
            _window.Release(batch.Count);
            batch.Clear();
        }
    }

    /// <summary>Any confirm ends a pause; a batch without one that found the broker away lengthens it.</summary>
    private void Watch(List<(OutboxRow Row, PublishOutcome Outcome)> batch)
    {
        if (batch.Exists(outcome => outcome.Outcome.Status == PublishStatus.Confirmed))
        {
            _away = 0;
        }
        else if (batch.Find(outcome => outcome.Outcome.Status == PublishStatus.Unavailable) is { Row: not null } away)
        {
            if (_away++ == 0)
            {
                log.BrokerAway(transport.Name, away.Outcome.Reason ?? "no reason given");
            }
        }
    }

    private async ValueTask PauseWhileAwayAsync(CancellationToken stop)
    {
        if (_away > 0)
        {
            var pause = Backoff.Pause(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), _away);
            await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
