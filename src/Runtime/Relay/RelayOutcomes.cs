using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Writes down how sends ended, many at a time, while the next are under way. Only a confirm removes a row; everything else leaves it, or moves it to the dead
/// letters.
/// </summary>
internal sealed class RelayOutcomes(IMessageStore store, OutboxIntake intake, ReliabilityOptions options, RelayObserver observer, TimeProvider time, ILogger log)
{
    /// <summary>The most rows in one statement: enough that the next batch is smaller, few enough that its locks are short.</summary>
    private const int Most = 2000;

    /// <summary>
    /// Each statement has a commit, so few rows wait a moment for more. What is confirmed and not yet removed is sent again after a crash; a moment hardly adds to that.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    /// <summary>From so many on nothing waits.</summary>
    private const int Enough = 500;

    // With the default of five attempts a queue has a quarter of a minute to find a new leader.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(3);

    private readonly Channel<SentRow> _sent = Channel.CreateUnbounded<SentRow>(new() { SingleReader = true, SingleWriter = true });

    // Used again for each batch.
    private readonly List<SentRow> _batch = [];
    private readonly List<long> _confirmed = [];
    private readonly List<OutboxRetry> _retries = [];
    private readonly List<SentRow> _dead = [];
    private readonly List<(string Key, bool Gone)> _keys = [];
    private volatile bool _completed;

    /// <summary>An outcome that is neither "confirmed" nor "not tried" has its key held back before.</summary>
    public void Add(SentRow sent) => _sent.Writer.TryWrite(sent);

    /// <summary>No more will come.</summary>
    public void Complete()
    {
        _completed = true;
        _sent.Writer.TryComplete();
    }

    /// <summary>Writes until <see cref="Complete"/>, or until given up: then the rows' leases end, and they are sent again under their ids.</summary>
    public async Task RunAsync(CancellationToken abort)
    {
        while (await _sent.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (_batch.Count < Most && _sent.Reader.TryRead(out var sent))
            {
                _batch.Add(sent);
            }

            var few = _batch.Count < Enough;
            Sort();
            await WriteUntilDoneAsync(abort).ConfigureAwait(false);
            Clear();
            if (few && !_completed)
            {
                // By the system's clock: no time that anybody measures, and no outcome, depends on it.
                await Task.Delay(Gathering, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Sort()
    {
        foreach (var sent in _batch)
        {
            var row = sent.Row;
            if (sent.Outcome.Status == PublishStatus.Confirmed)
            {
                _confirmed.Add(row.Id);
                continue;
            }

            var again = sent.Outcome.Status == PublishStatus.Failed && row.Attempts + 1 < options.Relay.Attempts;
            if (again)
            {
                var pause = Backoff.Pause(FirstPause, LongestPause, row.Attempts + 1);
                log.PublishFailed(row.Envelope.MessageId, row.Transport, row.Route, row.Attempts + 1, options.Relay.Attempts, sent.Outcome.Reason ?? "", pause);
                _retries.Add(new OutboxRetry(row.Id, pause));
            }
            else
            {
                _dead.Add(sent);
            }

            if (row.OrderKey is { } key)
            {
                _keys.Add((key, Gone: !again));
            }
        }
    }

    /// <summary>While the store is away it tries again.</summary>
    private async Task WriteUntilDoneAsync(CancellationToken abort)
    {
        // In hand no more: a claim must be able to take them again the moment they are written.
        intake.Release(_retries.ConvertAll(retry => retry.Id));
        intake.Release(_dead.ConvertAll(sent => sent.Row.Id));
        for (var failures = 1; ; failures++)
        {
            try
            {
                await WriteAsync(abort).ConfigureAwait(false);
                break;
            }
            catch (OperationCanceledException) when (abort.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever the store throws, the rows are still in it; say so and try again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                var pause = Backoff.Pause(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), failures);
                log.OutcomesNotRecorded(_batch.Count, intake.Transport, pause, error);
                await Task.Delay(pause, time, abort).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Written();
    }

    private async ValueTask WriteAsync(CancellationToken abort)
    {
        if (_confirmed.Count > 0)
        {
            await store.Outbox.RemoveAsync(_confirmed, options.Audit.Enabled, abort).ConfigureAwait(false);
        }

        if (_dead.Count > 0)
        {
            await BuryAsync(abort).ConfigureAwait(false);
        }

        // Last, since it alone is not the same when it is written twice.
        if (_retries.Count > 0)
        {
            await store.Outbox.RescheduleAsync(_retries, abort).ConfigureAwait(false);
        }
    }

    private void Written()
    {
        intake.Release(_confirmed);
        foreach (var retry in _retries)
        {
            intake.ExpectIn(retry.Delay);
        }

        foreach (var (key, gone) in _keys)
        {
            intake.WrittenDown(key, gone);
        }

        observer.Written(intake.Transport, _confirmed.Count, _retries.Count, _dead.Count);
    }

    private async Task BuryAsync(CancellationToken abort)
    {
        var work = await store.BeginAsync(abort).ConfigureAwait(false);
        await using var rollback = work.ConfigureAwait(false);
        foreach (var (row, outcome, expired) in _dead)
        {
            var attempts = expired ? row.Attempts : row.Attempts + 1;
            await work.AddDeadLetterAsync(new DeadLetter
            {
                IsOutgoing = true,
                Transport = row.Transport,
                Source = row.Route,
                Envelope = row.Envelope,
                Reason = expired ? DeadLetterReason.Expired : DeadLetterReason.Undeliverable,
                Error = ErrorText.Trim(outcome.Reason ?? "no reason given"),
                Attempts = attempts,
                FirstAt = row.CreatedAt,
                At = time.GetUtcNow(),
            }, abort).ConfigureAwait(false);
            log.OutgoingDeadLettered(row.Envelope.MessageId, row.Transport, row.Route, attempts, outcome.Reason ?? "no reason given");
        }

        await work.RemoveFromOutboxAsync(_dead.ConvertAll(sent => sent.Row.Id), abort).ConfigureAwait(false);
        await work.CommitAsync(abort).ConfigureAwait(false);
    }

    private void Clear()
    {
        _batch.Clear();
        _confirmed.Clear();
        _retries.Clear();
        _dead.Clear();
        _keys.Clear();
    }
}
