using Reliability.Connections;

namespace Reliability.Deferral;

internal sealed class DeferralTable(WriteGate gate, ReadConnection reader) : IDeferralTable
{
    public ValueTask<DeferralClaim> ClaimAsync(IReadOnlyCollection<string> consumers, Lease lease, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Deferral.Claim(transaction, consumers, lease), cancellationToken);

    public ValueTask RenewAsync(long id, Lease lease, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Deferral.Renew(transaction, id, lease), cancellationToken);

    public ValueTask ReturnAsync(long id, string owner, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Deferral.Return(transaction, id, owner), cancellationToken);

    public ValueTask<long> MakeDueAsync(string consumer, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Deferral.MakeDue(transaction, consumer), cancellationToken);

    public async ValueTask<IReadOnlyList<DeferredCount>> CountAsync(CancellationToken cancellationToken) => await reader.RowsAsync("""
        SELECT c.name, count(*), min(m.first_at)
        FROM reliability_deferred AS d JOIN reliability_deferred_message AS m ON m.id = d.id JOIN reliability_consumer AS c ON c.id = d.consumer
        GROUP BY c.name
        """, row => new DeferredCount(row.GetString(0), row.GetInt64(1), StoreClock.Read(row.GetInt64(2))), [], cancellationToken).ConfigureAwait(false);
}
