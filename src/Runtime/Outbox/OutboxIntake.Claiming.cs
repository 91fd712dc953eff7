namespace Reliability;

/// <summary>How a holder searches the store, prolongs leases, and gives back.</summary>
internal sealed partial class OutboxIntake
{
    /// <summary>Claims rows, and prolongs leases, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                await RenewAsync(cancellationToken).ConfigureAwait(false);
                pause = await ClaimDueAsync(cancellationToken).ConfigureAwait(false);
                failures = 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever the store throws, the rows are safe in it; say so and try again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                pause = Backoff.Pause(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), ++failures);
                log.OutboxSearchFailed(transport, pause, error);
                Wake();
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            await _signal.WaitAsync(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives back in the store what was given back here.</summary>
    public async ValueTask ReleaseGivenBackAsync(CancellationToken cancellationToken)
    {
        long[] ids;
        lock (_lock)
        {
            if (_givenBack.Count == 0)
            {
                return;
            }

            ids = [.. _givenBack];
        }

        await table.ReleaseAsync(ids, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _givenBack.RemoveRange(0, ids.Length);
        }
    }

    private async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        // Out of turn nothing is prolonged either: what is held must be free before another's turn begins.
        if (!HasTurn() || time.GetElapsedTime(_renewed) < lease.Duration / 3)
        {
            return;
        }

        var began = time.GetTimestamp();
        if (Held() is { Count: > 0 } held)
        {
            await table.RenewAsync(held, lease, cancellationToken).ConfigureAwait(false);
        }

        lock (_lock)
        {
            _renewed = began;
        }
    }

    /// <summary>Searches the store if it is time to.</summary>
    /// <returns>How long to wait until the next look, or renewal.</returns>
    private async ValueTask<TimeSpan> ClaimDueAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause;
        while (true)
        {
            await ReleaseGivenBackAsync(cancellationToken).ConfigureAwait(false);
            OutboxClaim claim;
            bool quiet;
            long began;
            lock (_lock)
            {
                if (!_schedule.IsDue(IdlePoll, out pause))
                {
                    break;
                }

                _schedule.Looked();
                claim = new OutboxClaim(transport, route, InHand.Room, lease) { Parts = Parts?.Claimable, MaxBytes = InHand.ByteRoom };
                quiet = _spilling == 0;
                began = HeldBack.Now();
            }

            if (claim.Limit <= 0 || claim.MaxBytes <= 0 || !HasTurn())
            {
                continue;
            }

            var rows = await table.ClaimAsync(claim, cancellationToken).ConfigureAwait(false);
            TakeClaimed(rows, claim, quiet, began);
            Arrived();
        }

        var renewal = (lease.Duration / 3) - time.GetElapsedTime(_renewed);
        return renewal > TimeSpan.Zero && renewal < pause ? renewal : pause;
    }

    private void TakeClaimed(IReadOnlyList<OutboxRow> rows, OutboxClaim claim, bool quiet, long began)
    {
        lock (_lock)
        {
            foreach (var row in rows)
            {
                if (_closed || !MayTakeClaimed(row, began))
                {
                    _givenBack.Add(row.Id);
                }
                else
                {
                    Take(row);
                }
            }

            HeldBack.Forget(began);
            // Caught up only if everything was given, and nothing was being written past us while we looked.
            var cut = rows.Count >= claim.Limit || RowsInHand.IsCut(rows, claim.MaxBytes, LargestBody);
            _behind = cut || !quiet || _spilling > 0 || _givenBack.Count > 0;
            if (rows.Count > 0)
            {
                _schedule.Active();
            }

            if (cut && !InHand.IsHalfFull)
            {
                _schedule.LookNow();
            }
        }
    }

    private bool MayTakeClaimed(OutboxRow row, long began) =>
        row.OrderKey is not { } key || Parts is null || (HeldBack.MayPass(key, began) && Parts.Holds(OutboxRow.PartOf(key)));
}
