using Reliability.Connections;

namespace Reliability.Deferral;

internal sealed class DeferralTable(WriteGate gate, ReadConnection reader) : IDeferralTable
{
    public ValueTask<DeferredMessage?> ClaimAsync(IReadOnlyCollection<string> consumers, Lease lease, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Deferral.Claim(transaction, consumers, lease), cancellationToken);

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) =>
        reader.RowAsync("SELECT count(*) FROM reliability_deferred", row => row.GetInt64(0), cancellationToken);
}
