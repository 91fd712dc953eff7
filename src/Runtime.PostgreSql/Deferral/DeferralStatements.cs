using Npgsql;
using Reliability.Connections;
using Reliability.Inbox;
using Reliability.Messages;
using Reliability.Schema;

namespace Reliability.Deferral;

internal sealed class DeferralStatements(TableNames names, StoreClock clock, ConsumerNumbers consumers)
{
    private const string Columns =
        $"id, consumer, transport, source, dedupe_key, order_key, attempts, last_error, first_at, {EnvelopeColumns.Names}";

    // The oldest of the key is locked while the new one goes behind it, so that it cannot leave unseen, which would leave the new one without a head for
    // ever. Two that are first at once are both heads; claims see the older one and pass the younger over.
    private readonly string _insert = $"""
        WITH older AS MATERIALIZED (
            SELECT FROM {names.Deferred} WHERE consumer = $2 AND order_hash = $4 ORDER BY id LIMIT 1 FOR KEY SHARE)
        INSERT INTO {names.Deferred} (consumer, key, order_hash, head, due_at, first_at, attempts, transport, source, dedupe_key, order_key, last_error, {EnvelopeColumns.Names})
        SELECT $2, $3, $4, NOT EXISTS (SELECT FROM older), {StoreClock.After("$5")}, {StoreClock.Now}, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
        ON CONFLICT (consumer, key) DO NOTHING
        RETURNING id
        """;

    private readonly string _isSameBody = $"SELECT body = $3 FROM {names.Deferred} WHERE consumer = $1 AND key = $2";

    private readonly string _claim = $"""
        UPDATE {names.Deferred} SET attempts = attempts + 1, due_at = {StoreClock.After("$2")}, owner = $3
        WHERE id = ANY (ARRAY(
            SELECT due.id FROM unnest($4::integer[]) AS asked (consumer) CROSS JOIN LATERAL (
                SELECT id, due_at FROM {names.Deferred} AS d
                WHERE d.consumer = asked.consumer AND head AND due_at <= {StoreClock.Now} AND {IsOldest(names)}
                ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) AS due
            ORDER BY due.due_at, due.id LIMIT 1))
        RETURNING {Columns}
        """;

    private readonly string _nextDue = $"""
        SELECT ceil(extract(epoch FROM greatest(min(next.due_at), {StoreClock.Now}) - {StoreClock.Now}) * 1000000)::bigint
        FROM unnest($2::integer[]) AS asked (consumer) CROSS JOIN LATERAL (
            SELECT due_at FROM {names.Deferred} AS d WHERE d.consumer = asked.consumer AND head AND owner IS NULL ORDER BY due_at LIMIT 1) AS next
        HAVING count(*) > 0
        """;

    private readonly string _renew = $"UPDATE {names.Deferred} SET due_at = {StoreClock.After("$2")} WHERE id = $4 AND owner = $3";

    private readonly string _return =
        $"UPDATE {names.Deferred} SET attempts = attempts - 1, due_at = {StoreClock.Now}, owner = NULL WHERE id = $2 AND owner = $3";

    private readonly string _reschedule = $"UPDATE {names.Deferred} SET due_at = {StoreClock.After("$2")}, owner = NULL, last_error = $3 WHERE id = $4";

    private readonly string _remove = $"DELETE FROM {names.Deferred} WHERE id = $1 RETURNING consumer, order_hash";

    // Also where it is a head already: one that was, and is now behind another's back, must not stay without.
    private readonly string _promote = $"""
        UPDATE {names.Deferred} SET head = true
        WHERE id = (SELECT id FROM {names.Deferred} WHERE consumer = $1 AND order_hash = $2 ORDER BY id LIMIT 1)
        """;

    private readonly string _findOrderKeys = $"SELECT DISTINCT order_key FROM {names.Deferred} WHERE consumer = $1 AND order_hash = ANY ($2)";

    private readonly string _makeDue = $"UPDATE {names.Deferred} SET due_at = {StoreClock.Now} WHERE consumer = $2 AND owner IS NULL AND due_at > {StoreClock.Now}";

    private readonly string _count = $"""
        SELECT c.name, count(*), min(first_at) FROM {names.Deferred} AS d JOIN {names.Consumer} AS c ON c.id = d.consumer GROUP BY c.name
        """;

    /// <summary>Gives a row where the message is kept, and none where one of its key is there already.</summary>
    public NpgsqlBatchCommand Insert(DeferredMessage message, TimeSpan delay) => clock.Command(_insert)
        .Int(consumers.Of(message.Consumer))
        .Hash(KeyOf(message))
        .Hash(message.OrderKey is { } orderKey ? InboxKey.Of(orderKey).ToHash() : null)
        .Duration(delay)
        .Int(message.Attempts)
        .Text(message.Transport)
        .Text(message.Source)
        .Text(message.DedupeKey)
        .Text(message.OrderKey)
        .Text(message.LastError is { } error ? StoredText.Trim(error) : null)
        .Envelope(message.Envelope);

    /// <summary>Gives one row: whether the message of that key has that body; or none, where no message has that key.</summary>
    public NpgsqlBatchCommand IsSameBody(DeferredMessage message) =>
        new NpgsqlBatchCommand(_isSameBody).Int(consumers.Of(message.Consumer)).Hash(KeyOf(message)).Bytes(message.Envelope.Body);

    public NpgsqlBatchCommand Claim(int[] asked, Lease lease) => clock.Command(_claim).Duration(lease.Duration).Text(lease.Owner).Ints(asked);

    /// <summary>Gives one row: microseconds until the next message is due; or none, where none waits.</summary>
    public NpgsqlBatchCommand NextDue(int[] asked) => clock.Command(_nextDue).Ints(asked);

    public NpgsqlBatchCommand Renew(long id, Lease lease) => clock.Command(_renew).Duration(lease.Duration).Text(lease.Owner).Long(id);

    public NpgsqlBatchCommand Return(long id, string owner) => clock.Command(_return).Long(id).Text(owner);

    public NpgsqlBatchCommand Reschedule(long id, TimeSpan delay, string error) =>
        clock.Command(_reschedule).Duration(delay).Text(StoredText.Trim(error)).Long(id);

    /// <summary>Gives a row with the consumer and the order key's hash of what was removed.</summary>
    public NpgsqlBatchCommand Remove(long id) => new NpgsqlBatchCommand(_remove).Long(id);

    public NpgsqlBatchCommand Promote(int consumer, Guid orderHash) => new NpgsqlBatchCommand(_promote).Int(consumer).Hash(orderHash);

    public NpgsqlBatchCommand FindOrderKeys(string consumer, IReadOnlyCollection<string> orderKeys) =>
        new NpgsqlBatchCommand(_findOrderKeys).Int(consumers.Of(consumer)).Hashes((Guid[])[.. orderKeys.Select(key => InboxKey.Of(key).ToHash())]);

    public NpgsqlBatchCommand MakeDue(string consumer) => clock.Command(_makeDue).Int(consumers.Of(consumer));

    public NpgsqlBatchCommand Count() => new(_count);

    public DeferredMessage Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Consumer = consumers.NameOf(row.GetInt32(1)),
        Transport = row.Text(2)!,
        Source = row.Text(3)!,
        DedupeKey = row.Text(4)!,
        OrderKey = row.Text(5),
        Attempts = row.GetInt32(6),
        LastError = row.Text(7),
        FirstAt = row.Time(8),
        Envelope = row.ReadEnvelope(9),
    };

    private static Guid KeyOf(DeferredMessage message) => InboxKey.Of(message.DedupeKey).ToHash();

    private static string IsOldest(TableNames names) => $"""
        (d.order_hash IS NULL OR NOT EXISTS (
            SELECT FROM {names.Deferred} AS older WHERE older.consumer = d.consumer AND older.order_hash = d.order_hash AND older.id < d.id))
        """;
}
