using Reliability.Connections;
using Reliability.Inbox;

namespace Reliability.Deferral;

internal sealed class DeferralTable(Database database, DeferralStatements statements, ConsumerNumbers consumers) : IDeferralTable
{
    public async ValueTask<DeferralClaim> ClaimAsync(IReadOnlyCollection<string> names, Lease lease, CancellationToken cancellationToken)
    {
        database.RequireNotClosed();
        int[] asked = [.. names.Select(consumers.Of)];
        var claimed = await database.RowsByIndexAsync(statements.Read, cancellationToken, statements.Claim(asked, lease)).ConfigureAwait(false);
        if (claimed is [var message])
            return new DeferralClaim(message, null);

        var due = await database.RowsByIndexAsync(
            row => TimeSpan.FromMicroseconds(row.GetInt64(0)), cancellationToken, statements.NextDue(asked)).ConfigureAwait(false);
        return new DeferralClaim(null, due.Count == 0 ? null : due[0]);
    }

    public async ValueTask RenewAsync(long id, Lease lease, CancellationToken cancellationToken) =>
        await database.RunByIndexAsync(cancellationToken, statements.Renew(id, lease)).ConfigureAwait(false);

    public async ValueTask ReturnAsync(long id, string owner, CancellationToken cancellationToken) =>
        await database.RunAsync(cancellationToken, statements.Return(id, owner)).ConfigureAwait(false);

    public async ValueTask<long> MakeDueAsync(string consumer, CancellationToken cancellationToken) =>
        await database.RunByIndexAsync(cancellationToken, statements.MakeDue(consumer)).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<DeferredCount>> CountAsync(CancellationToken cancellationToken) => await database.RowsAsync(
        row => new DeferredCount(row.Text(0)!, row.GetInt64(1), row.Time(2)), cancellationToken, statements.Count()).ConfigureAwait(false);
}
