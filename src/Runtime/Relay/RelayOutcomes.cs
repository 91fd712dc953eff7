using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Writes down how sends ended. Only a confirm removes a row; everything else leaves it, or moves it to the dead letters.</summary>
internal sealed class RelayOutcomes(IMessageStore store, RelayOptions options, string transport, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(3);

    /// <summary>Returns once it is written. While the store is away it tries again; if given up, the rows' leases end and they are sent again under their ids.</summary>
    public async Task RecordAsync(IReadOnlyList<(OutboxRow Row, PublishOutcome Outcome)> batch, CancellationToken abort)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await WriteAsync(batch, abort).ConfigureAwait(false);
                return;
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
                log.OutcomesNotRecorded(batch.Count, transport, pause, error);
                await Task.Delay(pause, time, abort).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WriteAsync(IReadOnlyList<(OutboxRow Row, PublishOutcome Outcome)> batch, CancellationToken abort)
    {
        List<long> confirmed = [], untried = [];
        List<OutboxRetry> retries = [];
        List<(OutboxRow Row, string Reason)> dead = [];
        foreach (var (row, outcome) in batch)
        {
            switch (outcome.Status)
            {
                case PublishStatus.Confirmed:
                    confirmed.Add(row.Id);
                    break;
                case PublishStatus.Unavailable:
                    untried.Add(row.Id);
                    break;
                case PublishStatus.Failed when row.Attempts + 1 < options.Attempts:
                    var pause = Backoff.Pause(FirstPause, LongestPause, row.Attempts + 1);
                    log.PublishFailed(row.Envelope.MessageId, transport, row.Route, row.Attempts + 1, options.Attempts, outcome.Reason ?? "", pause);
                    retries.Add(new OutboxRetry(row.Id, pause));
                    break;
                default:
                    dead.Add((row, outcome.Reason ?? "no reason given"));
                    break;
            }
        }

        if (confirmed.Count > 0)
        {
            await store.Outbox.RemoveAsync(confirmed, audit: false, abort).ConfigureAwait(false);
        }

        if (untried.Count > 0)
        {
            await store.Outbox.ReleaseAsync(untried, abort).ConfigureAwait(false);
        }

        if (dead.Count > 0)
        {
            await BuryAsync(dead, abort).ConfigureAwait(false);
        }

        // Last, since it alone is not the same when it is written twice.
        if (retries.Count > 0)
        {
            await store.Outbox.RescheduleAsync(retries, abort).ConfigureAwait(false);
        }
    }

    private async Task BuryAsync(List<(OutboxRow Row, string Reason)> dead, CancellationToken abort)
    {
        var work = await store.BeginAsync(abort).ConfigureAwait(false);
        await using var rollback = work.ConfigureAwait(false);
        foreach (var (row, reason) in dead)
        {
            await work.AddDeadLetterAsync(new DeadLetter
            {
                IsOutgoing = true,
                Transport = row.Transport,
                Source = row.Route,
                Envelope = row.Envelope,
                Reason = DeadLetterReason.Undeliverable,
                Error = ErrorText.Trim(reason),
                Attempts = row.Attempts + 1,
                FirstAt = row.CreatedAt,
                At = time.GetUtcNow(),
            }, abort).ConfigureAwait(false);
            log.OutgoingDeadLettered(row.Envelope.MessageId, transport, row.Route, row.Attempts + 1, reason);
        }

        await work.RemoveFromOutboxAsync(dead.ConvertAll(entry => entry.Row.Id), abort).ConfigureAwait(false);
        await work.CommitAsync(abort).ConfigureAwait(false);
    }
}
