using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.Outbox;

/// <summary>What changes outbox rows. What chooses them for a claim is <see cref="OutboxTurns"/>'s.</summary>
internal sealed class OutboxStatements(Statements statements, StoreClock clock)
{
    private readonly OutboxTurns _turns = new(statements);

    private readonly Statement _insert = new(statements, """
        INSERT INTO reliability_outbox (transport, route, attempts, until, owner, created_at, not_before, part, order_key)
        VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, CAST(@p9 AS TEXT))
        """);

    private readonly Statement _insertMessage = new(statements, $"""
        INSERT INTO reliability_outbox_message (id, expires_at, {EnvelopeColumns.Names})
        VALUES (@p1, @p2, CAST(@p3 AS TEXT), CAST(@p4 AS TEXT), CAST(@p5 AS TEXT), @p6, @p7)
        """);

    // `turn` falls from 1 to 0: what waited after a failure is due. A free row is never among these, so never one of turn 2.
    private readonly Statement _free = new(statements, """
        UPDATE reliability_outbox SET until = NULL, abandoned = abandoned OR owner IS NOT NULL, owner = NULL, turn = 0
        WHERE id IN (SELECT id FROM reliability_outbox WHERE until <= @p1 ORDER BY until LIMIT @p2)
        RETURNING transport, CAST(order_key AS BLOB)
        """);

    private readonly Statement _freeAllLeased = new(statements,
        "UPDATE reliability_outbox SET until = NULL, abandoned = 1, owner = NULL WHERE until IS NOT NULL AND owner IS NOT NULL");

    private readonly Statement _lease = new(statements, "UPDATE reliability_outbox SET until = @p2, owner = @p3 WHERE id = @p1");

    private readonly Statement _select = new(statements, $"""
        SELECT o.id, transport, route, attempts, abandoned, created_at, not_before, expires_at, order_key, {EnvelopeColumns.Names}
        FROM reliability_outbox AS o JOIN reliability_outbox_message AS m ON m.id = o.id WHERE o.id = @p1
        """);

    private readonly Statement _renew = new(statements, "UPDATE reliability_outbox SET until = @p2 WHERE id = @p1 AND owner = @p3");

    private readonly Statement _reschedule = new(statements, """
        UPDATE reliability_outbox SET attempts = attempts + 1, until = @p2, owner = NULL, abandoned = 0, turn = (@p2 IS NOT NULL AND order_key IS NOT NULL)
        WHERE id = @p1
        """);

    private readonly Statement _release = new(statements, "UPDATE reliability_outbox SET until = NULL, owner = NULL WHERE id = @p1 AND owner IS NOT NULL");

    private readonly Statement _keepSent = new(statements, """
        INSERT INTO reliability_outbox_sent (id, transport, route, attempts, at, message_id)
        SELECT o.id, transport, route, attempts, @p2, message_id
        FROM reliability_outbox AS o JOIN reliability_outbox_message AS m ON m.id = o.id WHERE o.id = @p1
        """);

    private readonly Statement _remove = new(statements,
        "DELETE FROM reliability_outbox WHERE id = @p1 RETURNING transport, CAST(order_key AS BLOB)");

    public void Add(SqliteTransaction transaction, IReadOnlyList<OutboxRow> rows, Lease? lease)
    {
        var now = clock.Now;
        long? leasedUntil = lease is { } held ? clock.After(held.Duration) : null;
        foreach (var row in rows)
        {
            long? notBefore = row.NotBefore is { } at ? StoreClock.Ceiling(at) : null;
            var waits = notBefore > now;
            row.Id = _insert.RunForId(transaction, row.Transport, row.Route, row.Attempts,
                waits ? notBefore : leasedUntil, waits ? null : lease?.Owner, now, notBefore,
                row.OrderKey is { } key ? OutboxRow.PartOf(key) : null, Text.Bytes(row.OrderKey))!.Value;
            _insertMessage.Run(transaction, row.Id, row.ExpiresAt?.ToUnixTimeMilliseconds(),
                Text.Bytes(row.Envelope.MessageId), Text.Bytes(row.Envelope.MessageName),
                Text.Bytes(row.Envelope.Key), EnvelopeColumns.HeadersOf(row.Envelope), EnvelopeColumns.BodyOf(row.Envelope));
        }
    }

    /// <summary>Frees rows whose lease has ended or that have become due; says how many.</summary>
    public int Free(SqliteTransaction transaction, int limit)
    {
        var freed = _free.Rows(transaction, ReadKey, clock.Now, limit);
        _turns.Return(transaction, freed);
        return freed.Count;
    }

    /// <summary>Ends all leases: their holders are dead.</summary>
    public void FreeAllLeased(SqliteTransaction transaction) => _freeAllLeased.Run(transaction);

    /// <summary>Leases free rows, oldest first; null where it only set some aside, and is to be asked again.</summary>
    public List<OutboxRow>? Claim(SqliteTransaction transaction, OutboxClaim claim)
    {
        if (_turns.Choose(transaction, claim) is not { } ids)
            return null;

        var until = clock.After(claim.Lease.Duration);
        var rows = new List<OutboxRow>(ids.Count);
        var bytes = 0L;
        foreach (var id in ids)
        {
            var row = _select.Rows(transaction, Read, id)[0];
            bytes += row.Envelope.Body.Length;
            if (bytes > claim.MaxBytes && rows.Count > 0)
                break;

            _lease.Run(transaction, id, until, claim.Lease.Owner);
            rows.Add(row);
        }

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

    public void Remove(SqliteTransaction transaction, IReadOnlyList<long> ids, bool audit = false)
    {
        var now = clock.Now;
        foreach (var id in ids)
        {
            if (audit)
                _keepSent.Run(transaction, id, now);

            _turns.Return(transaction, _remove.Rows(transaction, ReadKey, id));
        }
    }

    private static (string Transport, byte[]? OrderKey) ReadKey(SqliteDataReader row) =>
        (row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1));

    private static OutboxRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Transport = row.GetString(1),
        Route = row.GetString(2),
        Attempts = row.GetInt32(3),
        Abandoned = row.GetBoolean(4),
        CreatedAt = StoreClock.Read(row.GetInt64(5)),
        NotBefore = row.IsDBNull(6) ? null : StoreClock.Read(row.GetInt64(6)),
        ExpiresAt = row.IsDBNull(7) ? null : StoreClock.Read(row.GetInt64(7)),
        OrderKey = Text.Read(row, 8),
        Envelope = EnvelopeColumns.Read(row, 9),
    };
}
