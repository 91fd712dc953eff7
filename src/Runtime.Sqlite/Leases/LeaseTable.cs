using Reliability.Connections;

namespace Reliability.Leases;

internal sealed class LeaseTable(WriteGate gate) : ILeaseTable
{
    public ValueTask<DutyShare> ShareAsync(string duty, int parts, Lease lease, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Leases.Share(transaction, duty, parts, lease), cancellationToken);

    public ValueTask ReturnAsync(string duty, IReadOnlyCollection<int> parts, string owner, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Leases.Return(transaction, duty, parts, owner), cancellationToken);

    public ValueTask LeaveAsync(string duty, string owner, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Leases.Leave(transaction, duty, owner), cancellationToken);
}
