using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.Outbox;

internal sealed class OutboxStatements(SqliteConnection connection, StoreClock clock)
{
    private const string Selected = $"SELECT o.id, transport, route, attempts, abandoned, created_at, not_before, {EnvelopeColumns.Names} " +
        "FROM reliability_outbox AS o JOIN reliability_outbox_message AS m ON m.id = o.id";

    private readonly Statement _insert = new(connection,
        "INSERT INTO reliability_outbox (transport, route, attempts, until, owner, created_at) VALUES (@p1, @p2, @p3, @p4, @p5, @p6)");

    private readonly Statement _insertMessage = new(connection, $"""
        INSERT INTO reliability_outbox_message (id, not_before, {EnvelopeColumns.Names})
        VALUES (@p1, @p2, CAST(@p3 AS TEXT), CAST(@p4 AS TEXT), CAST(@p5 AS TEXT), @p6, @p7)
        """);

    private readonly Statement _free = new(connection, """
        UPDATE reliability_outbox SET until = NULL, abandoned = abandoned OR owner IS NOT NULL, owner = NULL
        WHERE id IN (SELECT id FROM reliability_outbox WHERE until <= @p1 ORDER BY until LIMIT @p2)
        """);

    private readonly Statement _freeAllLeased = new(connection,
        "UPDATE reliability_outbox SET until = NULL, abandoned = 1, owner = NULL WHERE until IS NOT NULL AND owner IS NOT NULL");

    private readonly Statement _selectFree = new(connection, $"{Selected} WHERE transport = @p1 AND until IS NULL ORDER BY o.id LIMIT @p2");

    private readonly Statement _selectFreeOfRoute = new(connection,
        $"{Selected} WHERE transport = @p1 AND route = @p3 AND until IS NULL ORDER BY o.id LIMIT @p2");

    private readonly Statement _lease = new(connection, "UPDATE reliability_outbox SET until = @p2, owner = @p3 WHERE id = @p1");

    private readonly Statement _renew = new(connection, "UPDATE reliability_outbox SET until = @p2 WHERE id = @p1 AND owner = @p3");

    private readonly Statement _reschedule = new(connection,
        "UPDATE reliability_outbox SET attempts = attempts + 1, until = @p2, owner = NULL, abandoned = 0 WHERE id = @p1");

    private readonly Statement _release = new(connection, "UPDATE reliability_outbox SET until = NULL, owner = NULL WHERE id = @p1 AND owner IS NOT NULL");

    private readonly Statement _remove = new(connection, "DELETE FROM reliability_outbox WHERE id = @p1");

    public void Add(SqliteTransaction transaction, IReadOnlyList<OutboxRow> rows, Lease? lease)
    {
        var now = clock.Now;
        long? leasedUntil = lease is { } held ? clock.After(held.Duration) : null;
        foreach (var row in rows)
        {
            long? notBefore = row.NotBefore is { } at ? StoreClock.Ceiling(at) : null;
            var waits = notBefore > now;
            row.Id = _insert.RunForId(transaction, row.Transport, row.Route, row.Attempts,
                waits ? notBefore : leasedUntil, waits ? null : lease?.Owner, now)!.Value;
            _insertMessage.Run(transaction, row.Id, notBefore, Text.Bytes(row.Envelope.MessageId), Text.Bytes(row.Envelope.MessageName),
                Text.Bytes(row.Envelope.Key), EnvelopeColumns.HeadersOf(row.Envelope), EnvelopeColumns.BodyOf(row.Envelope));
        }
    }

    /// <summary>Frees rows whose lease has ended or that have become due; says how many.</summary>
    public int Free(SqliteTransaction transaction, int limit) => _free.Run(transaction, clock.Now, limit);

    /// <summary>Ends all leases: their holders are dead.</summary>
    public void FreeAllLeased(SqliteTransaction transaction) => _freeAllLeased.Run(transaction);

    /// <summary>Leases free rows, oldest first.</summary>
    public List<OutboxRow> Claim(SqliteTransaction transaction, OutboxClaim claim)
    {
        var rows = claim.Route is null
            ? _selectFree.Rows(transaction, Read, claim.Transport, claim.Limit)
            : _selectFreeOfRoute.Rows(transaction, Read, claim.Transport, claim.Limit, claim.Route);
        var until = clock.After(claim.Lease.Duration);
        foreach (var row in rows)
            _lease.Run(transaction, row.Id, until, claim.Lease.Owner);

        return rows;
    }

    public void Renew(SqliteTransaction transaction, IReadOnlyList<long> ids, Lease lease)
    {
        var until = clock.After(lease.Duration);
        foreach (var id in ids)
            _renew.Run(transaction, id, until, lease.Owner);
    }

    public void Reschedule(SqliteTransaction transaction, IReadOnlyList<OutboxRetry> retries)
    {
        foreach (var retry in retries)
            _reschedule.Run(transaction, retry.Id, retry.Delay <= TimeSpan.Zero ? null : clock.After(retry.Delay));
    }

    public void Release(SqliteTransaction transaction, IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
            _release.Run(transaction, id);
    }

    public void Remove(SqliteTransaction transaction, IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
            _remove.Run(transaction, id);
    }

    private static OutboxRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Transport = row.GetString(1),
        Route = row.GetString(2),
        Attempts = row.GetInt32(3),
        Abandoned = row.GetBoolean(4),
        CreatedAt = StoreClock.Read(row.GetInt64(5)),
        NotBefore = row.IsDBNull(6) ? null : StoreClock.Read(row.GetInt64(6)),
        Envelope = EnvelopeColumns.Read(row, 7),
    };
}
