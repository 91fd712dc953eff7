using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Inbox;
using Reliability.Messages;

namespace Reliability.Audit;

internal sealed class AuditStatements(Statements statements, StoreClock clock, ConsumerNumbers consumers)
{
    private readonly Statement _addReceipt = new(statements, """
        INSERT INTO reliability_receipt (message_id, consumer, consumed, reason, at) VALUES (CAST(@p1 AS TEXT), @p2, @p3, CAST(@p4 AS TEXT), @p5)
        ON CONFLICT (message_id, consumer) DO UPDATE SET consumed = excluded.consumed, reason = excluded.reason, at = excluded.at
        """);

    private readonly Statement _forgetSent = new(statements,
        "DELETE FROM reliability_outbox_sent WHERE id IN (SELECT id FROM reliability_outbox_sent WHERE at < @p1 ORDER BY at LIMIT @p2)");

    private readonly Statement _forgetReceipts = new(statements, """
        DELETE FROM reliability_receipt WHERE (message_id, consumer) IN
            (SELECT message_id, consumer FROM reliability_receipt WHERE at < @p1 ORDER BY at LIMIT @p2)
        """);

    public void Add(SqliteTransaction transaction, IReadOnlyList<Receipt> receipts)
    {
        var now = clock.Now;
        foreach (var receipt in receipts)
        {
            _addReceipt.Run(transaction, Text.Bytes(receipt.MessageId), consumers.Of(receipt.Consumer), receipt.Consumed,
                Text.Bytes(receipt.Reason is { } reason ? Text.Trim(reason) : null), now);
        }
    }

    public int Forget(SqliteTransaction transaction, TimeSpan age, int limit)
    {
        var before = clock.Before(age);
        return Math.Max(_forgetSent.Run(transaction, before, limit), _forgetReceipts.Run(transaction, before, limit));
    }
}
