using System.Buffers.Text;
using System.Text;
using Npgsql;
using Reliability.Connections;
using Reliability.Messages;
using Reliability.Schema;

namespace Reliability.Outbox;

internal sealed class OutboxStatements(TableNames names, StoreClock clock)
{
    private const string Returned = $"id, transport, route, attempts, abandoned, created_at, not_before, expires_at, order_key, {EnvelopeColumns.Names}";

    /// <summary>The part of rows without an order key.</summary>
    private const string NoPart = "-1";

    // The ids are drawn row by row, in the order of the arrays.
    private readonly string _insert = $"""
        INSERT INTO {names.Outbox} (transport, route, attempts, created_at, until, owner, not_before, expires_at, order_key, order_hash, part, {EnvelopeColumns.Names})
        SELECT transport, route, attempts, {StoreClock.Now},
            CASE WHEN not_before > {StoreClock.Now} THEN not_before ELSE {StoreClock.After("$2")} END,
            CASE WHEN not_before > {StoreClock.Now} THEN NULL ELSE $3 END,
            not_before, expires_at, order_key, order_hash, part, {EnvelopeColumns.Names}
        FROM unnest($4::text[], $5::text[], $6::integer[], $7::timestamptz[], $8::timestamptz[], $9::text[], $10::uuid[], $11::integer[],
                $12::text[], $13::text[], $14::text[], $15::text[], $16::bytea[])
            AS added (transport, route, attempts, not_before, expires_at, order_key, order_hash, part, {EnvelopeColumns.Names})
        RETURNING id
        """;

    // What most transactions write: messages of one type to one place, which go at once. Of sixteen arrays three are left, and the database need not take them apart.
    private readonly string _insertAlike = $"""
        INSERT INTO {names.Outbox} (transport, route, attempts, created_at, until, owner, part, message_name, message_id, headers, body)
        SELECT $4, $5, 0, {StoreClock.Now}, {StoreClock.After("$2")}, $3, {NoPart}, $6, message_id, headers, body
        FROM unnest($7::text[], $8::text[], $9::bytea[]) AS added (message_id, headers, body)
        RETURNING id
        """;

    private readonly string _remove = $"DELETE FROM {names.Outbox} WHERE id = ANY ($1)";

    private readonly string _removeSent = $"""
        WITH gone AS (DELETE FROM {names.Outbox} WHERE id = ANY ($2) RETURNING transport, route, attempts, message_id)
        INSERT INTO {names.OutboxSent} (at, transport, route, attempts, message_id) SELECT {StoreClock.Now}, * FROM gone
        """;

    private readonly string _reschedule = $"""
        UPDATE {names.Outbox}
        SET attempts = attempts + 1, owner = NULL, abandoned = false,
            until = {StoreClock.Now} + nullif(greatest(($3::bigint[])[array_position($2::bigint[], id)], 0), 0) * interval '1 microsecond'
        WHERE id = ANY ($2)
        """;

    // Said so that the planner does not see that only held rows are meant: it would at times walk over all that are held, by their index.
    private readonly string _release = $"UPDATE {names.Outbox} SET until = NULL, owner = NULL WHERE id = ANY ($1) AND CASE WHEN owner IS NULL THEN false ELSE true END";

    private readonly string _renew = $"UPDATE {names.Outbox} SET until = {StoreClock.After("$2")} WHERE id = ANY ($4) AND owner IS NOT DISTINCT FROM $3";

    private readonly string _count = $"""
        SELECT transport, route, count(*), count(*) FILTER (WHERE attempts > 0), min(created_at) FROM {names.Outbox} GROUP BY transport, route
        """;

    // Free rows by their index; those in hand, which are few; those that failed by their index. No walk over rows that were delayed.
    private readonly string _oldest = $"""
        SELECT min(created_at) FROM (
            (SELECT created_at FROM {names.Outbox} WHERE transport = $1 AND until IS NULL AND not_before IS NULL ORDER BY id + 0 LIMIT 1)
            UNION ALL (SELECT created_at FROM {names.Outbox} WHERE transport = $1 AND attempts > 0 AND not_before IS NULL ORDER BY id + 0 LIMIT 1)
            UNION ALL (SELECT min(created_at) FROM {names.Outbox} WHERE transport = $1 AND owner IS NOT NULL AND not_before IS NULL)) AS oldest
        """;

    public NpgsqlBatchCommand Insert(IReadOnlyList<OutboxRow> rows, Lease? lease)
    {
        T[] Column<T>(Func<OutboxRow, T> of)
        {
            var values = new T[rows.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = of(rows[i]);

            return values;
        }

        if (AreAlike(rows))
        {
            return clock.Command(_insertAlike)
                .Duration(lease?.Duration)
                .Text(lease?.Owner)
                .Text(rows[0].Transport)
                .Text(rows[0].Route)
                .Text(rows[0].Envelope.MessageName)
                .Texts(Column<string?>(row => row.Envelope.MessageId))
                .RawTexts(Column(row => EnvelopeColumns.HeadersOf(row.Envelope)))
                .Bodies(Column(row => row.Envelope.Body));
        }

        return clock.Command(_insert)
            .Duration(lease?.Duration)
            .Text(lease?.Owner)
            .Texts(Column<string?>(row => row.Transport))
            .Texts(Column<string?>(row => row.Route))
            .Ints(Column(row => row.Attempts))
            .Times(Column(row => row.NotBefore))
            .Times(Column(row => row.ExpiresAt))
            .Texts(Column(row => row.OrderKey))
            .Hashes(Column(row => row.OrderKey is { } key ? InboxKey.Of(key).ToHash() : (Guid?)null))
            .Ints(Column(row => row.OrderKey is { } key ? OutboxRow.PartOf(key) : -1))
            .Texts(Column<string?>(row => row.Envelope.MessageId))
            .Texts(Column(row => row.Envelope.MessageName))
            .Texts(Column(row => row.Envelope.Key))
            .RawTexts(Column(row => EnvelopeColumns.HeadersOf(row.Envelope)))
            .Bodies(Column(row => row.Envelope.Body));
    }

    /// <summary>
    /// Tells whoever listens, once the transaction commits. Commits that notify wait for each other, so this is for rows that nobody would find soon otherwise.
    /// </summary>
    public NpgsqlBatchCommand Notify(OutboxNews news)
    {
        // 8,000 bytes are the most that fit.
        var route = news.Route.Length <= 1000 ? news.Route : "";
        var payload = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{news.Transport}\n{route}"));
        return new($"NOTIFY {names.Channel}, '{payload}'");
    }

    /// <summary>What a payload of <see cref="Notify"/> says; null where it is somebody else's.</summary>
    public static OutboxNews? ReadNews(string payload)
    {
        if (!Base64.IsValid(payload) || Encoding.UTF8.GetString(Convert.FromBase64String(payload)).Split('\n', 2) is not [var transport, var route])
            return null;

        return new OutboxNews(transport, route);
    }

    public NpgsqlBatchCommand Remove(IReadOnlyList<long> ids) => new NpgsqlBatchCommand(_remove).Longs(Sorted(ids));

    public NpgsqlBatchCommand RemoveSent(IReadOnlyList<long> ids) => clock.Command(_removeSent).Longs(Sorted(ids));

    public NpgsqlBatchCommand Reschedule(IReadOnlyList<OutboxRetry> retries)
    {
        var sorted = retries.OrderBy(retry => retry.Id).ToList();
        return clock.Command(_reschedule).Longs([.. sorted.Select(retry => retry.Id)]).Durations(sorted.Select(retry => retry.Delay));
    }

    public NpgsqlBatchCommand Release(IReadOnlyList<long> ids) => new NpgsqlBatchCommand(_release).Longs(Sorted(ids));

    public NpgsqlBatchCommand Renew(IReadOnlyList<long> ids, Lease lease) => clock.Command(_renew).Duration(lease.Duration).Text(lease.Owner).Longs(Sorted(ids));

    public NpgsqlBatchCommand Count() => new(_count);

    public NpgsqlBatchCommand FindOldest(string transport) => new NpgsqlBatchCommand(_oldest).Text(transport);

    public static OutboxBacklog ReadBacklog(NpgsqlDataReader row) => new(row.Text(0)!, row.Text(1)!, row.GetInt64(2), row.GetInt64(3), row.Time(4));

    public static OutboxRow Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Transport = row.Text(1)!,
        Route = row.Text(2)!,
        Attempts = row.GetInt32(3),
        Abandoned = row.GetBoolean(4),
        CreatedAt = row.Time(5),
        NotBefore = row.TimeOrNull(6),
        ExpiresAt = row.TimeOrNull(7),
        OrderKey = row.Text(8),
        Envelope = row.ReadEnvelope(9),
    };

    /// <summary>What claims give back, in the order that <see cref="Read"/> reads.</summary>
    public static string Columns => Returned;

    private static bool AreAlike(IReadOnlyList<OutboxRow> rows)
    {
        var first = rows[0];
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is not { Attempts: 0, NotBefore: null, ExpiresAt: null, OrderKey: null, Envelope.Key: null } row
                || row.Transport != first.Transport || row.Route != first.Route || row.Envelope.MessageName != first.Envelope.MessageName)
                return false;
        }

        return true;
    }

    // Those who write the same rows lock them in one order.
    private static long[] Sorted(IReadOnlyList<long> ids)
    {
        var sorted = ids.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
