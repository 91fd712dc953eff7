using Npgsql;
using Reliability.Connections;

namespace Reliability.Outbox;

internal sealed class OutboxTable(Database database, OutboxStatements statements, ClaimStatements claims, ClaimedTransports claimed) : IOutboxTable
{
    public async ValueTask<IReadOnlyList<OutboxRow>> ClaimAsync(OutboxClaim claim, CancellationToken cancellationToken)
    {
        claimed.Add(claim.Transport);
        if (claim.Limit <= 0)
            return [];

        var rows = new List<OutboxRow>();
        while (true)
        {
            var (freed, more) = await ClaimOnceAsync(claim with { Limit = claim.Limit - rows.Count }, least: rows.Count == 0 ? 1 : 0, cancellationToken).ConfigureAwait(false);
            rows.AddRange(more);
            claim = claim with { MaxBytes = claim.MaxBytes - more.Sum(row => (long)row.Envelope.Body.Length) };
            // As many as may be freed at once were freed, perhaps of other transports only: what is asked for may lie behind them.
            if (rows.Count >= claim.Limit || freed < claim.Limit)
                break;
        }

        rows.Sort((one, other) => one.Id.CompareTo(other.Id));
        return rows;
    }

    public async ValueTask RemoveAsync(IReadOnlyList<long> ids, bool audit, CancellationToken cancellationToken)
    {
        if (ids.Count > 0)
            await database.RunByIndexAsync(cancellationToken, audit ? statements.RemoveSent(ids) : statements.Remove(ids)).ConfigureAwait(false);
    }

    public async ValueTask RescheduleAsync(IReadOnlyList<OutboxRetry> retries, CancellationToken cancellationToken)
    {
        if (retries.Count > 0)
            await database.RunByIndexAsync(cancellationToken, statements.Reschedule(retries)).ConfigureAwait(false);
    }

    public async ValueTask ReleaseAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > 0)
            await database.RunByIndexAsync(cancellationToken, statements.Release(ids)).ConfigureAwait(false);
    }

    public async ValueTask RenewAsync(IReadOnlyList<long> ids, Lease lease, CancellationToken cancellationToken)
    {
        if (ids.Count > 0)
            await database.RunByIndexAsync(cancellationToken, statements.Renew(ids, lease)).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<OutboxBacklog>> CountAsync(CancellationToken cancellationToken) =>
        await database.RowsAsync(OutboxStatements.ReadBacklog, cancellationToken, statements.Count()).ConfigureAwait(false);

    public async ValueTask<DateTimeOffset?> FindOldestAsync(string transport, CancellationToken cancellationToken) =>
        (await database.RowsByIndexAsync(row => row.TimeOrNull(0), cancellationToken, statements.FindOldest(transport)).ConfigureAwait(false))[0];

    private async ValueTask<(int Freed, List<OutboxRow> Rows)> ClaimOnceAsync(OutboxClaim claim, int least, CancellationToken cancellationToken)
    {
        var free = claims.Free(claim.Limit);
        List<NpgsqlBatchCommand> commands = [.. free, claims.Claim(claim, least)];
        if (claim.Parts is not null)
            commands.Insert(0, claims.TakeTurn(claim.Transport));

        var rows = await database.RowsByIndexAsync(OutboxStatements.Read, cancellationToken, commands).ConfigureAwait(false);
        return ((int)free.Max(command => command.Rows), rows);
    }
}
