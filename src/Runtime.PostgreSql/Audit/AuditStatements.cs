using Npgsql;
using Reliability.Connections;
using Reliability.Inbox;
using Reliability.Schema;

namespace Reliability.Audit;

internal sealed class AuditStatements(TableNames names, StoreClock clock, ConsumerNumbers consumers)
{
    private readonly string _insertReceipts = $"""
        INSERT INTO {names.Receipt} (message, consumer, consumed, reason, at)
        SELECT message, consumer, consumed, reason, {StoreClock.Now}
        FROM unnest($2::uuid[], $3::integer[], $4::boolean[], $5::text[]) AS receipt (message, consumer, consumed, reason)
        ON CONFLICT (message, consumer) DO UPDATE SET consumed = EXCLUDED.consumed, reason = EXCLUDED.reason, at = EXCLUDED.at
        """;

    // Where sending stands: what is known last, of an outbox row, a dead letter and a row that was sent. Without an index the outbox is read, which is short.
    private readonly string _findSending = $"""
        (SELECT 0, created_at, transport, route, attempts FROM {names.Outbox} WHERE message_id = $1 ORDER BY id DESC LIMIT 1)
        UNION ALL (SELECT 1, at, transport, source, attempts FROM {names.DeadLetter} WHERE message_id = $1 AND outgoing ORDER BY id DESC LIMIT 1)
        UNION ALL (SELECT 2, at, transport, route, attempts FROM {names.OutboxSent} WHERE message_id = $1 ORDER BY at DESC LIMIT 1)
        """;

    private readonly string _findReceipts = $"""
        SELECT c.name, consumed, reason, at FROM {names.Receipt} AS r JOIN {names.Consumer} AS c ON c.id = r.consumer WHERE message = $1 ORDER BY c.name
        """;

    private readonly string _forgetSent = $"""
        DELETE FROM {names.OutboxSent} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {names.OutboxSent} WHERE at < {StoreClock.After("$2")} ORDER BY at LIMIT $3))
        """;

    private readonly string _forgetReceipts = $"""
        DELETE FROM {names.Receipt} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {names.Receipt} WHERE at < {StoreClock.After("$2")} ORDER BY at LIMIT $3))
        """;

    public NpgsqlBatchCommand InsertReceipts(IReadOnlyList<Receipt> receipts)
    {
        // The last of a message and handler stands; sorted, so that groups which record the same ones wait for each other and never crosswise.
        var last = new SortedDictionary<(Guid Message, int Consumer), Receipt>();
        foreach (var receipt in receipts)
            last[(InboxKey.Of(receipt.MessageId).ToHash(), consumers.Of(receipt.Consumer))] = receipt;

        return clock.Command(_insertReceipts)
            .Hashes((Guid[])[.. last.Keys.Select(key => key.Message)])
            .Ints([.. last.Keys.Select(key => key.Consumer)])
            .Flags([.. last.Values.Select(receipt => receipt.Consumed)])
            .Texts([.. last.Values.Select(receipt => receipt.Reason)]);
    }

    public NpgsqlBatchCommand FindSending(string messageId) => new NpgsqlBatchCommand(_findSending).Text(messageId);

    public NpgsqlBatchCommand FindReceipts(string messageId) => new NpgsqlBatchCommand(_findReceipts).Hash(InboxKey.Of(messageId).ToHash());

    /// <summary>Gives one row: whether this transaction is the only one that forgets. Always without waiting.</summary>
    public NpgsqlBatchCommand TryLead() => new NpgsqlBatchCommand("SELECT pg_try_advisory_xact_lock($1)").Long(names.LockOf("forget audit"));

    public NpgsqlBatchCommand ForgetSent(TimeSpan age, int limit) => clock.Command(_forgetSent).Duration(-age).Int(limit);

    public NpgsqlBatchCommand ForgetReceipts(TimeSpan age, int limit) => clock.Command(_forgetReceipts).Duration(-age).Int(limit);

    public static Receipt ReadReceipt(string messageId, NpgsqlDataReader row) =>
        new(messageId, row.Text(0)!, row.GetBoolean(1), row.Text(2)) { At = row.Time(3) };

    public static Sending ReadSending(NpgsqlDataReader row) => new(
        row.GetInt32(0) switch { 0 => MessageState.Pending, 1 => MessageState.Failed, _ => MessageState.Sent },
        row.Time(1), row.Text(2)!, row.Text(3)!, row.GetInt32(4));
}

/// <summary>Where sending a message stands.</summary>
internal sealed record Sending(MessageState State, DateTimeOffset At, string Transport, string Route, int Attempts);
