using Reliability.Connections;

namespace Reliability.Leases;

internal sealed class LeaseTable(Database database, LeaseStatements statements) : ILeaseTable
{
    public async ValueTask<DutyShare> ShareAsync(string duty, int parts, Lease lease, CancellationToken cancellationToken) =>
        (await database.RowsAsync(LeaseStatements.Read, cancellationToken, statements.Share(duty, parts, lease)).ConfigureAwait(false))[0];

    public async ValueTask ReturnAsync(string duty, IReadOnlyCollection<int> parts, string owner, CancellationToken cancellationToken)
    {
        if (parts.Count > 0)
            await database.RunAsync(cancellationToken, statements.Return(duty, parts, owner)).ConfigureAwait(false);
    }

    public async ValueTask LeaveAsync(string duty, string owner, CancellationToken cancellationToken) =>
        await database.RunAsync(cancellationToken, statements.Leave(duty, owner)).ConfigureAwait(false);
}
