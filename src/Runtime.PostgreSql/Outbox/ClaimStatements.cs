using Npgsql;
using Reliability.Connections;
using Reliability.Schema;

namespace Reliability.Outbox;

/// <summary>
/// What a claim does, in one transaction and one round trip: rows whose lease has ended or whose time has come become free, then the oldest free rows are
/// leased. Claims never wait for each other: each takes what the others have not locked.
/// </summary>
internal sealed class ClaimStatements(TableNames names, StoreClock clock)
{
    // ARRAY(…) is evaluated once, and the rows are then looked up by their primary key: a join could be planned as a walk over the whole table.
    private readonly string _endLeases = $"""
        UPDATE {names.Outbox} SET until = NULL, owner = NULL, abandoned = true WHERE id = ANY (ARRAY(
            SELECT id FROM {names.Outbox} WHERE owner IS NOT NULL AND until <= {StoreClock.Now} ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private readonly string _endWaits = $"""
        UPDATE {names.Outbox} SET until = NULL WHERE id = ANY (ARRAY(
            SELECT id FROM {names.Outbox} WHERE owner IS NULL AND until IS NOT NULL AND until <= {StoreClock.Now} ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private readonly string _claim = Lease(names, "");

    private readonly string _claimOfRoute = Lease(names, "AND md5(route) = md5($8) AND route = $8");

    private readonly string _claimOfParts = Lease(names, $"AND {InTurn(names, "$8")}");

    private readonly string _claimOfRouteAndParts = Lease(names, $"AND md5(route) = md5($8) AND route = $8 AND {InTurn(names, "$9")}");

    /// <summary>Frees rows whose lease has ended, and rows whose time has come.</summary>
    public NpgsqlBatchCommand[] Free(int limit) => [clock.Command(_endLeases).Int(limit), clock.Command(_endWaits).Int(limit)];

    /// <summary>
    /// Lets one claim of ordered rows at a time at a transport: one must see what the others hold, and a lock that is not committed cannot be seen. Gives no rows.
    /// </summary>
    public NpgsqlBatchCommand TakeTurn(string transport) =>
        // A DO block has no parameters and gives no rows; the number is the store's own.
        new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"DO 'BEGIN PERFORM pg_advisory_xact_lock({names.LockOf("claim\n" + transport)}); END'"));

    /// <param name="claim">What is asked for.</param>
    /// <param name="least">How many rows it gives, if there are any, however large they are.</param>
    public NpgsqlBatchCommand Claim(OutboxClaim claim, int least)
    {
        var sql = (claim.Route, claim.Parts) switch
        {
            (null, null) => _claim,
            (_, null) => _claimOfRoute,
            (null, _) => _claimOfParts,
            _ => _claimOfRouteAndParts,
        };
        var command = clock.Command(sql).Duration(claim.Lease.Duration).Text(claim.Lease.Owner).Text(claim.Transport).Int(claim.Limit).Long(claim.MaxBytes).Int(least);
        if (claim.Route is not null)
            command.Text(claim.Route);

        return claim.Parts is null ? command : command.Ints([.. claim.Parts]);
    }

    private static string Lease(TableNames names, string further) => $"""
        UPDATE {names.Outbox} SET until = {StoreClock.After("$2")}, owner = $3 WHERE id = ANY (ARRAY(
            SELECT id FROM (
                SELECT id, sum(bytes) OVER up AS total, row_number() OVER up AS place FROM (
                    SELECT id, octet_length(body) AS bytes FROM {names.Outbox} AS o
                    WHERE transport = $4 AND until IS NULL {further} ORDER BY id + 0 LIMIT $5 FOR UPDATE SKIP LOCKED) AS oldest
                WINDOW up AS (ORDER BY id)) AS counted
            WHERE total <= $6 OR place <= $7))
        RETURNING {OutboxStatements.Columns}
        """;

    // A row behind which nothing of its key waits: no older row that another holds, or that failed and waits. A row that is only delayed holds no one up.
    private static string InTurn(TableNames names, string parts) => $"""
        (order_hash IS NULL OR (part = ANY ({parts}) AND NOT EXISTS (
            SELECT FROM {names.Outbox} AS older
            WHERE older.order_hash = o.order_hash AND older.until IS NOT NULL AND older.id < o.id AND older.transport = o.transport
                AND (older.owner <> $3 OR (older.owner IS NULL AND older.attempts > 0)))))
        """;
}
