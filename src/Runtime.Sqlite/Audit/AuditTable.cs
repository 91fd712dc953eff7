using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.Audit;

internal sealed class AuditTable(WriteGate gate, ReadConnection reader) : IAuditTable
{
    // One statement, so that a message on its way from one table to the other is seen once. The first row tells the state: of several messages under
    // one id the one that failed, then one that is pending.
    private const string Sending = """
        SELECT 1 AS rank, transport, CAST(source AS BLOB), attempts, at FROM reliability_dead_letter WHERE message_id = CAST(@p1 AS TEXT) AND outgoing
        UNION ALL
        SELECT 2, transport, CAST(route AS BLOB), attempts, created_at
        FROM reliability_outbox_message AS m JOIN reliability_outbox AS o ON o.id = m.id WHERE message_id = CAST(@p1 AS TEXT)
        UNION ALL
        SELECT 3, transport, CAST(route AS BLOB), attempts, at FROM reliability_outbox_sent WHERE message_id = CAST(@p1 AS TEXT)
        ORDER BY rank, 5 DESC LIMIT 1
        """;

    private const string Receipts = """
        SELECT c.name, consumed, reason, at FROM reliability_receipt AS r JOIN reliability_consumer AS c ON c.id = r.consumer
        WHERE message_id = CAST(@p1 AS TEXT) ORDER BY at, c.name
        """;

    public async ValueTask<MessageStatus?> FindAsync(string messageId, CancellationToken cancellationToken)
    {
        object?[] values = [Text.Bytes(messageId)];
        var sending = (await reader.RowsAsync(Sending, ReadSending, values, cancellationToken).ConfigureAwait(false)).FirstOrDefault();
        var receipts = await reader.RowsAsync(Receipts, row => new Receipt(messageId, row.GetString(0), row.GetBoolean(1), Text.Read(row, 2))
        {
            At = StoreClock.Read(row.GetInt64(3)),
        }, values, cancellationToken).ConfigureAwait(false);

        // The worst that a handler reported, and of that the latest.
        if (receipts.OrderBy(receipt => receipt.Consumed).ThenByDescending(receipt => receipt.At).FirstOrDefault() is { } telling)
        {
            return new MessageStatus(messageId, telling.Consumed ? MessageState.Consumed : MessageState.ConsumptionFailed, telling.At,
                sending?.Transport, sending?.Route, sending?.Attempts ?? 0, receipts);
        }

        return sending is null ? null : sending with { MessageId = messageId };
    }

    public ValueTask<int> ForgetAsync(TimeSpan age, int limit, CancellationToken cancellationToken) =>
        gate.WriteAsync((session, transaction) => session.Audit.Forget(transaction, age, limit), cancellationToken);

    private static MessageStatus ReadSending(SqliteDataReader row) => new(
        "",
        row.GetInt64(0) switch { 1 => MessageState.Failed, 2 => MessageState.Pending, _ => MessageState.Sent },
        StoreClock.Read(row.GetInt64(4)), row.GetString(1), Text.Read(row, 2), row.GetInt32(3), []);
}
