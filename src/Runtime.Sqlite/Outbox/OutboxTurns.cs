using Microsoft.Data.Sqlite;
using Reliability.Connections;

namespace Reliability.Outbox;

/// <summary>
/// Chooses the free rows that a claim gets: the oldest, and of each order key none behind a row that waits or that another holds. Rows found behind one that
/// waits are set aside (turn 2), and come back as those before them become due or leave; see the tables' description in <c>Migrations</c>.
/// </summary>
internal sealed class OutboxTurns(Statements statements)
{
    /// <summary>How many rows one transaction sets aside, or brings back for those that claim without heed of order.</summary>
    private const int AsideAtOnce = 1000;

    /// <summary>How many rows of a key come back when one of it leaves. Each that leaves brings more: they never run out before the last.</summary>
    private const int BackAtOnce = 100;

    private const int LeastPage = 100;

    private readonly Statement _page = new(statements, """
        SELECT id, part, CAST(order_key AS BLOB) FROM reliability_outbox
        WHERE transport = @p1 AND until IS NULL AND turn = 0 AND id > @p2 ORDER BY id LIMIT @p3
        """);

    private readonly Statement _pageOfRoute = new(statements, """
        SELECT id, part, CAST(order_key AS BLOB) FROM reliability_outbox
        WHERE transport = @p1 AND until IS NULL AND turn = 0 AND id > @p2 AND route = @p4 ORDER BY id LIMIT @p3
        """);

    private readonly Statement _firstWaiting = new(statements,
        "SELECT id FROM reliability_outbox WHERE transport = @p1 AND order_key = CAST(@p2 AS TEXT) AND turn > 0 ORDER BY id LIMIT 1");

    private readonly Statement _firstHeld = new(statements, """
        SELECT id FROM reliability_outbox
        WHERE transport = @p1 AND order_key = CAST(@p2 AS TEXT) AND order_key IS NOT NULL AND owner IS NOT NULL AND owner <> @p3 ORDER BY id LIMIT 1
        """);

    private readonly Statement _setAside = new(statements, "UPDATE reliability_outbox SET turn = 2 WHERE id = @p1");

    private readonly Statement _bringBack = new(statements, """
        UPDATE reliability_outbox SET turn = 0 WHERE id IN
            (SELECT id FROM reliability_outbox WHERE transport = @p1 AND order_key = CAST(@p2 AS TEXT) AND turn > 0 AND turn = 2 ORDER BY id LIMIT @p3)
        """);

    private readonly Statement _bringAllBack = new(statements, """
        UPDATE reliability_outbox SET turn = 0 WHERE id IN
            (SELECT id FROM reliability_outbox WHERE transport = @p1 AND turn > 0 AND turn = 2 LIMIT @p2)
        """);

    /// <summary>The rows, oldest first; null where this turn was spent on setting rows aside or bringing them back.</summary>
    public List<long>? Choose(SqliteTransaction transaction, OutboxClaim claim)
    {
        if (claim.Limit <= 0)
            return [];

        if (claim.Parts is null)
        {
            return _bringAllBack.Run(transaction, claim.Transport, AsideAtOnce) == AsideAtOnce
                ? null
                : [.. Page(transaction, claim, after: 0, claim.Limit).Select(row => row.Id)];
        }

        return ChooseInTurn(transaction, claim, claim.Parts.Aggregate(0UL, (parts, part) => parts | 1UL << part));
    }

    /// <summary>Rows of these keys have become due, or have left: what was set aside behind them comes back.</summary>
    public void Return(SqliteTransaction transaction, List<(string Transport, byte[]? OrderKey)> keys)
    {
        foreach (var (transport, orderKey) in keys)
        {
            if (orderKey is not null)
                _bringBack.Run(transaction, transport, orderKey, BackAtOnce);
        }
    }

    private List<long>? ChooseInTurn(SqliteTransaction transaction, OutboxClaim claim, ulong parts)
    {
        var chosen = new List<long>();
        var aside = 0;
        var size = Math.Max(claim.Limit, LeastPage);
        var blocks = new Dictionary<string, (long Waiting, long Held)>(StringComparer.Ordinal);
        for (long after = 0; ;)
        {
            var page = Page(transaction, claim, after, size);
            foreach (var (id, part, orderKey) in page)
            {
                after = id;
                if (part is { } number && (parts >> number & 1) == 0)
                    continue;

                var (waiting, held) = orderKey is null ? (long.MaxValue, long.MaxValue) : BlocksOf(transaction, claim, orderKey, blocks);
                if (id > waiting)
                    aside += _setAside.Run(transaction, id);
                else if (id < held)
                    chosen.Add(id);

                if (chosen.Count == claim.Limit)
                    return chosen;
            }

            if (page.Count < size)
                return chosen;

            // Setting aside is a change of its own: kept apart, so that handlers need not wait for all of it.
            if (aside >= AsideAtOnce)
                return null;
        }
    }

    /// <summary>The first row of a key that waits after a failure or was set aside, and the first that another holds.</summary>
    private (long Waiting, long Held) BlocksOf(
        SqliteTransaction transaction, OutboxClaim claim, byte[] orderKey, Dictionary<string, (long Waiting, long Held)> known)
    {
        var key = Convert.ToHexString(orderKey);
        if (!known.TryGetValue(key, out var blocks))
        {
            blocks = (_firstWaiting.Scalar(transaction, claim.Transport, orderKey) as long? ?? long.MaxValue,
                _firstHeld.Scalar(transaction, claim.Transport, orderKey, claim.Lease.Owner) as long? ?? long.MaxValue);
            known.Add(key, blocks);
        }

        return blocks;
    }

    private List<(long Id, int? Part, byte[]? OrderKey)> Page(SqliteTransaction transaction, OutboxClaim claim, long after, int limit) => claim.Route is null
        ? _page.Rows(transaction, ReadFree, claim.Transport, after, limit)
        : _pageOfRoute.Rows(transaction, ReadFree, claim.Transport, after, limit, claim.Route);

    private static (long Id, int? Part, byte[]? OrderKey) ReadFree(SqliteDataReader row) =>
        (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetInt32(1), row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2));
}
