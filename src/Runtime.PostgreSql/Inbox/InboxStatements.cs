using Npgsql;
using Reliability.Connections;
using Reliability.Schema;

namespace Reliability.Inbox;

/// <summary>An entry as the table knows it: what is unique.</summary>
internal readonly record struct InboxRowKey(int Consumer, Guid Key) : IComparable<InboxRowKey>
{
    /// <summary>One order for all: two groups that insert the same keys wait for each other, and never crosswise.</summary>
    public int CompareTo(InboxRowKey other) => Consumer != other.Consumer ? Consumer.CompareTo(other.Consumer) : Key.CompareTo(other.Key);
}

internal sealed class InboxStatements(TableNames names, StoreClock clock)
{
    // Where another transaction is inserting the same key, this waits for its end: only then is it known who is new.
    // LIMIT keeps the planner from joining otherwise than key by key.
    private readonly string _insert = $"""
        INSERT INTO {names.Inbox} (consumer, key, fingerprint, at)
        SELECT consumer, key, fingerprint, {StoreClock.Now}
        FROM unnest($2::integer[], $3::uuid[], $4::bigint[], $5::boolean[]) AS entry (consumer, key, fingerprint, may_wait)
        WHERE NOT may_wait OR (SELECT true FROM {names.Deferred} AS d WHERE d.consumer = entry.consumer AND d.key = entry.key LIMIT 1) IS NULL
        ON CONFLICT DO NOTHING
        RETURNING consumer, key
        """;

    private readonly string _selectWaiting = $"""
        SELECT entry.consumer, entry.key FROM unnest($1::integer[], $2::uuid[]) AS entry (consumer, key)
        CROSS JOIN LATERAL (SELECT FROM {names.Deferred} AS d WHERE d.consumer = entry.consumer AND d.key = entry.key LIMIT 1) AS waiting
        """;

    // LIMIT keeps the planner from joining otherwise than key by key.
    private readonly string _select = $"""
        SELECT entry.consumer, entry.key, known.fingerprint FROM unnest($1::integer[], $2::uuid[]) AS entry (consumer, key)
        CROSS JOIN LATERAL (SELECT fingerprint FROM {names.Inbox} AS i WHERE i.consumer = entry.consumer AND i.key = entry.key LIMIT 1) AS known
        """;

    private readonly string _remove = $"DELETE FROM {names.Inbox} AS i USING unnest($1::integer[], $2::uuid[]) AS entry (consumer, key) WHERE i.consumer = entry.consumer AND i.key = entry.key";

    private readonly string _countDuplicates = $"INSERT INTO {names.InboxDuplicates} (consumer, count) SELECT * FROM unnest($1::integer[], $2::bigint[])";

    private readonly string _tryLead = "SELECT pg_try_advisory_xact_lock($1)";

    private readonly string _forget = $"""
        DELETE FROM {names.Inbox} WHERE consumer = $2 AND key = ANY (ARRAY(
            SELECT key FROM {names.Inbox} WHERE consumer = $2 AND at < {StoreClock.After("$3")} ORDER BY at LIMIT $4))
        """;

    private readonly string _sumDuplicates = $"""
        WITH gone AS (DELETE FROM {names.InboxDuplicates} WHERE consumer = $1 RETURNING count)
        INSERT INTO {names.InboxDuplicates} (consumer, count) SELECT $1, sum(count) FROM gone HAVING count(*) > 0
        """;

    private readonly string _count = $"""
        SELECT c.name, (SELECT count(*) FROM {names.Inbox} WHERE consumer = c.id),
            (SELECT coalesce(sum(count), 0)::bigint FROM {names.InboxDuplicates} WHERE consumer = c.id)
        FROM {names.Consumer} AS c ORDER BY c.name
        """;

    public NpgsqlBatchCommand Insert(IReadOnlyList<KeyValuePair<InboxRowKey, InboxEntry>> rows) => clock.Command(_insert)
        .Ints(Column(rows, row => row.Key.Consumer))
        .Hashes(Column(rows, row => row.Key.Key))
        .Longs(Column(rows, row => row.Value.Fingerprint))
        .Flags(Column(rows, row => row.Value.DeferredAs is not null));

    public NpgsqlBatchCommand Select(IReadOnlyList<KeyValuePair<InboxRowKey, InboxEntry>> rows) => Keys(_select, rows);

    /// <summary>Gives those of the keys that wait in the deferral table.</summary>
    public NpgsqlBatchCommand SelectWaiting(IReadOnlyList<KeyValuePair<InboxRowKey, InboxEntry>> rows) => Keys(_selectWaiting, rows);

    public NpgsqlBatchCommand Remove(IReadOnlyList<KeyValuePair<InboxRowKey, InboxEntry>> rows) => Keys(_remove, rows);

    public NpgsqlBatchCommand CountDuplicates(IReadOnlyDictionary<int, long> counts) =>
        new NpgsqlBatchCommand(_countDuplicates).Ints([.. counts.Keys]).Longs([.. counts.Values]);

    /// <summary>Gives one row: whether this transaction is the only one that forgets. Always without waiting.</summary>
    public NpgsqlBatchCommand TryLead() => new NpgsqlBatchCommand(_tryLead).Long(names.LockOf("forget inbox"));

    public NpgsqlBatchCommand Forget(int consumer, TimeSpan age, int limit) => clock.Command(_forget).Int(consumer).Duration(-age).Int(limit);

    public NpgsqlBatchCommand SumDuplicates(int consumer) => new NpgsqlBatchCommand(_sumDuplicates).Int(consumer);

    public NpgsqlBatchCommand Count() => new(_count);

    public static InboxRowKey ReadKey(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetGuid(1));

    public static KeyValuePair<InboxRowKey, long> ReadRow(NpgsqlDataReader row) => new(ReadKey(row), row.GetInt64(2));

    private static NpgsqlBatchCommand Keys(string sql, IReadOnlyList<KeyValuePair<InboxRowKey, InboxEntry>> rows) =>
        new NpgsqlBatchCommand(sql).Ints(Column(rows, row => row.Key.Consumer)).Hashes(Column(rows, row => row.Key.Key));

    private static T[] Column<T>(IReadOnlyList<KeyValuePair<InboxRowKey, InboxEntry>> rows, Func<KeyValuePair<InboxRowKey, InboxEntry>, T> of)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = of(rows[i]);

        return values;
    }
}
