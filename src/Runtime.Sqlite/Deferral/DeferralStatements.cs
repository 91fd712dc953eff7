using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Inbox;
using Reliability.Messages;

namespace Reliability.Deferral;

internal sealed class DeferralStatements(Statements statements, StoreClock clock, ConsumerNumbers consumers)
{
    private readonly Statement _insert = new(statements, """
        INSERT INTO reliability_deferred (consumer, dedupe_key, order_key, head, due_at, attempts, last_error)
        VALUES (@p1, CAST(@p2 AS TEXT), CAST(@p3 AS TEXT),
            NOT EXISTS (SELECT 1 FROM reliability_deferred WHERE consumer = @p1 AND order_key = CAST(@p3 AS TEXT)),
            @p4, @p5, CAST(@p6 AS TEXT))
        ON CONFLICT (consumer, dedupe_key) DO NOTHING
        """);

    private readonly Statement _insertMessage = new(statements, $"""
        INSERT INTO reliability_deferred_message (id, transport, source, first_at, {EnvelopeColumns.Names})
        VALUES (@p1, @p2, @p3, @p4, CAST(@p5 AS TEXT), CAST(@p6 AS TEXT), CAST(@p7 AS TEXT), @p8, @p9)
        """);

    private readonly Statement _selectBody = new(statements, """
        SELECT body FROM reliability_deferred_message
        WHERE id = (SELECT id FROM reliability_deferred WHERE consumer = @p1 AND dedupe_key = CAST(@p2 AS TEXT))
        """);

    private readonly Statement _findDue = new(statements,
        "SELECT id, due_at FROM reliability_deferred WHERE consumer = @p1 AND head = 1 AND due_at <= @p2 ORDER BY due_at, id LIMIT 1");

    private readonly Statement _findNext = new(statements,
        "SELECT due_at FROM reliability_deferred WHERE consumer = @p1 AND head = 1 AND owner IS NULL ORDER BY due_at LIMIT 1");

    private readonly Statement _renew = new(statements, "UPDATE reliability_deferred SET due_at = @p2 WHERE id = @p1 AND owner = @p3");

    private readonly Statement _makeDue = new(statements,
        "UPDATE reliability_deferred SET due_at = @p2 WHERE consumer = @p1 AND due_at > @p2 AND owner IS NULL");

    private readonly Statement _claim = new(statements, "UPDATE reliability_deferred SET attempts = attempts + 1, due_at = @p2, owner = @p3 WHERE id = @p1");

    private readonly Statement _select = new(statements, $"""
        SELECT d.id, c.name, transport, source, dedupe_key, order_key, attempts, last_error, first_at, {EnvelopeColumns.Names}
        FROM reliability_deferred AS d JOIN reliability_deferred_message AS m ON m.id = d.id JOIN reliability_consumer AS c ON c.id = d.consumer
        WHERE d.id = @p1
        """);

    private readonly Statement _reschedule = new(statements,
        "UPDATE reliability_deferred SET due_at = @p2, last_error = CAST(@p3 AS TEXT), owner = NULL WHERE id = @p1");

    private readonly Statement _return = new(statements,
        "UPDATE reliability_deferred SET attempts = attempts - 1, due_at = @p2, owner = NULL WHERE id = @p1 AND owner = @p3");

    private readonly Statement _remove = new(statements, "DELETE FROM reliability_deferred WHERE id = @p1 RETURNING consumer, CAST(order_key AS BLOB)");

    private readonly Statement _promote = new(statements, """
        UPDATE reliability_deferred SET head = 1 WHERE id =
            (SELECT id FROM reliability_deferred WHERE consumer = @p1 AND order_key = CAST(@p2 AS TEXT) ORDER BY id LIMIT 1)
        """);

    private readonly Statement _find = new(statements,
        "SELECT 1 FROM reliability_deferred WHERE consumer = @p1 AND order_key = CAST(@p2 AS TEXT) LIMIT 1");

    private readonly Statement _endLeases = new(statements, "UPDATE reliability_deferred SET due_at = @p1, owner = NULL WHERE owner IS NOT NULL");

    public InboxVerdict Add(SqliteTransaction transaction, DeferredMessage message, TimeSpan delay)
    {
        var id = _insert.RunForId(transaction, consumers.Of(message.Consumer), Text.Bytes(message.DedupeKey), Text.Bytes(message.OrderKey),
            clock.After(delay), message.Attempts, Text.Bytes(message.LastError is { } error ? Text.Trim(error) : null));
        if (id is null)
            return Compare(transaction, message);

        _insertMessage.Run(transaction, id, message.Transport, message.Source, clock.Now,
            Text.Bytes(message.Envelope.MessageId), Text.Bytes(message.Envelope.MessageName), Text.Bytes(message.Envelope.Key),
            EnvelopeColumns.HeadersOf(message.Envelope), EnvelopeColumns.BodyOf(message.Envelope));
        return InboxVerdict.New;
    }

    public DeferralClaim Claim(SqliteTransaction transaction, IReadOnlyCollection<string> of, Lease lease)
    {
        var now = clock.Now;
        (long Id, long DueAt)? first = null;
        foreach (var consumer in of)
        {
            foreach (var due in _findDue.Rows(transaction, row => (Id: row.GetInt64(0), DueAt: row.GetInt64(1)), consumers.Of(consumer), now))
            {
                if (first is not { } best || (due.DueAt, due.Id).CompareTo((best.DueAt, best.Id)) < 0)
                    first = due;
            }
        }

        if (first is not { Id: var id })
            return new DeferralClaim(null, NextDueIn(transaction, of, now));

        _claim.Run(transaction, id, clock.After(lease.Duration), lease.Owner);
        return new DeferralClaim(_select.Rows(transaction, Read, id)[0], null);
    }

    public void Renew(SqliteTransaction transaction, long id, Lease lease) => _renew.Run(transaction, id, clock.After(lease.Duration), lease.Owner);

    public long MakeDue(SqliteTransaction transaction, string consumer) => _makeDue.Run(transaction, consumers.Of(consumer), clock.Now);

    public void Reschedule(SqliteTransaction transaction, long id, TimeSpan delay, string error) =>
        _reschedule.Run(transaction, id, clock.After(delay), Text.Bytes(Text.Trim(error)));

    public void Return(SqliteTransaction transaction, long id, string owner) => _return.Run(transaction, id, clock.Now, owner);

    public void Remove(SqliteTransaction transaction, long id)
    {
        foreach (var (consumer, orderKey) in _remove.Rows(transaction, row => (Consumer: row.GetInt64(0), OrderKey: Text.Read(row, 1)), id))
        {
            if (orderKey is not null)
                _promote.Run(transaction, consumer, Text.Bytes(orderKey));
        }
    }

    public HashSet<string> Find(SqliteTransaction transaction, string consumer, IReadOnlyCollection<string> orderKeys)
    {
        var number = consumers.Of(consumer);
        return orderKeys.Where(key => _find.Scalar(transaction, number, Text.Bytes(key)) is not null).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Makes messages due whose holders are dead.</summary>
    public void EndLeases(SqliteTransaction transaction) => _endLeases.Run(transaction, clock.Now);

    /// <summary>Tells a second delivery of a deferred message from another message under its key.</summary>
    private InboxVerdict Compare(SqliteTransaction transaction, DeferredMessage message) =>
        _selectBody.Scalar(transaction, consumers.Of(message.Consumer), Text.Bytes(message.DedupeKey)) is byte[] body && message.Envelope.Body.Span.SequenceEqual(body)
            ? InboxVerdict.Duplicate
            : InboxVerdict.Conflict;

    private TimeSpan? NextDueIn(SqliteTransaction transaction, IReadOnlyCollection<string> of, long now)
    {
        var next = of.Select(consumer => _findNext.Scalar(transaction, consumers.Of(consumer)) as long?).Min();
        return next is { } at ? TimeSpan.FromMilliseconds(Math.Max(0, at - now)) : null;
    }

    private static DeferredMessage Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Consumer = row.GetString(1),
        Transport = row.GetString(2),
        Source = row.GetString(3),
        DedupeKey = Text.Read(row, 4)!,
        OrderKey = Text.Read(row, 5),
        Attempts = row.GetInt32(6),
        LastError = Text.Read(row, 7),
        FirstAt = StoreClock.Read(row.GetInt64(8)),
        Envelope = EnvelopeColumns.Read(row, 9),
    };
}
