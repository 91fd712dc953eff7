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

        return await gate.WriteAsync((session, transaction) => session.Outbox.Claim(transaction, claim), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask RemoveAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Outbox.Remove(transaction, ids), cancellationToken);

    public ValueTask RescheduleAsync(IReadOnlyList<OutboxRetry> retries, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Outbox.Reschedule(transaction, retries), cancellationToken);

    public ValueTask ReleaseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Outbox.Release(transaction, ids), cancellationToken);

    public ValueTask RenewAsync(IReadOnlyList<long> ids, Lease lease, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Outbox.Renew(transaction, ids, lease), cancellationToken);

    public ValueTask<OutboxBacklog> CountAsync(CancellationToken cancellationToken) => reader.RowAsync(
        "SELECT (SELECT count(*) FROM reliability_outbox), (SELECT created_at FROM reliability_outbox ORDER BY id LIMIT 1)",
        row => new OutboxBacklog(row.GetInt64(0), row.IsDBNull(1) ? null : StoreClock.Read(row.GetInt64(1))), cancellationToken);
}
