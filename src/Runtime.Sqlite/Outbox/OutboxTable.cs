using Reliability.Connections;

namespace Reliability.Outbox;

internal sealed class OutboxTable(WriteGate gate, ReadConnection reader) : IOutboxTable
{
    /// <summary>How many rows one transaction frees: many may become due at once, and handlers should not wait for all of them.</summary>
    private const int FreedAtOnce = 1000;

    public async ValueTask<IReadOnlyList<OutboxRow>> ClaimAsync(OutboxClaim claim, CancellationToken cancellationToken)
    {
        // All that is due is freed before the claim, so that it takes the oldest.
        while (await gate.WriteAsync((session, transaction) => session.Outbox.Free(transaction, FreedAtOnce), cancellationToken).ConfigureAwait(false) == FreedAtOnce)
        {
        }

        List<OutboxRow>? rows;
        while ((rows = await gate.WriteAsync((session, transaction) => session.Outbox.Claim(transaction, claim), cancellationToken).ConfigureAwait(false)) is null)
        {
        }

        return rows;
    }

    public ValueTask RemoveAsync(IReadOnlyList<long> ids, bool audit, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Outbox.Remove(transaction, ids, audit), cancellationToken);

    public ValueTask RescheduleAsync(IReadOnlyList<OutboxRetry> retries, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Outbox.Reschedule(transaction, retries), cancellationToken);

    public ValueTask ReleaseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Outbox.Release(transaction, ids), cancellationToken);

    public ValueTask RenewAsync(IReadOnlyList<long> ids, Lease lease, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Outbox.Renew(transaction, ids, lease), cancellationToken);

    public async ValueTask<IReadOnlyList<OutboxBacklog>> CountAsync(CancellationToken cancellationToken) => await reader.RowsAsync(
        "SELECT transport, route, count(*), count(*) FILTER (WHERE attempts > 0), min(created_at) FROM reliability_outbox GROUP BY transport, route",
        row => new OutboxBacklog(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), StoreClock.Read(row.GetInt64(4))), [], cancellationToken).ConfigureAwait(false);

    public async ValueTask<DateTimeOffset?> FindOldestAsync(string transport, CancellationToken cancellationToken) => (await reader.RowsAsync(
        "SELECT created_at FROM reliability_outbox WHERE transport = @p1 AND not_before IS NULL ORDER BY created_at LIMIT 1",
        row => (DateTimeOffset?)StoreClock.Read(row.GetInt64(0)), [transport], cancellationToken).ConfigureAwait(false)).FirstOrDefault();
}
