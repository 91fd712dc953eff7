using Npgsql;
using Reliability.Connections;
using Reliability.Messages;
using Reliability.Schema;

namespace Reliability.DeadLetters;

internal sealed class DeadLetterStatements(TableNames names, StoreClock clock)
{
    private const string Columns =
        $"id, outgoing, handler, transport, source, dedupe_key, reason, error, attempts, first_at, at, {EnvelopeColumns.Names}";

    // What is left out of a filter is null, and every letter matches it.
    private const string Matches = """
        ($1::bigint[] IS NULL OR id = ANY ($1)) AND ($2::boolean IS NULL OR outgoing = $2) AND ($3::text IS NULL OR handler = $3)
            AND ($4::text IS NULL OR source = $4) AND ($5::text IS NULL OR reason = $5) AND ($6::text IS NULL OR message_id = $6)
            AND ($7::text IS NULL OR message_name = $7) AND ($8::timestamptz IS NULL OR at >= $8) AND ($9::timestamptz IS NULL OR at < $9)
        """;

    private readonly string _insert = $"""
        INSERT INTO {names.DeadLetter} (at, first_at, identity, outgoing, handler, transport, source, dedupe_key, reason, error, attempts, {EnvelopeColumns.Names})
        VALUES ({StoreClock.Now}, coalesce($2, {StoreClock.Now}), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        ON CONFLICT (identity) DO NOTHING
        """;

    private readonly string _take = $"DELETE FROM {names.DeadLetter} WHERE id = $1 RETURNING {Columns}";

    private readonly string _count = $"SELECT count(*) FROM {names.DeadLetter} WHERE {Matches}";

    private readonly string _list = $"SELECT {Columns} FROM {names.DeadLetter} WHERE {Matches} AND id > $10 ORDER BY id LIMIT $11";

    private readonly string _insertAction = $"""
        INSERT INTO {names.DeadLetterAction} (at, dead_letter_id, message_id, target, kind, by, note) VALUES ({StoreClock.Now}, $2, $3, $4, $5, $6, $7)
        """;

    private readonly string _listActions = $"SELECT id, dead_letter_id, message_id, target, kind, by, note, at FROM {names.DeadLetterAction} WHERE id > $1 ORDER BY id LIMIT $2";

    public NpgsqlBatchCommand Insert(DeadLetter letter) => clock.Command(_insert)
        .Time(letter.FirstAt == default ? null : letter.FirstAt)
        .Hash(new Guid(DeadLetterIdentity.Of(letter), bigEndian: true))
        .Flag(letter.IsOutgoing)
        .Text(letter.Handler)
        .Text(letter.Transport)
        .Text(letter.Source)
        .Text(letter.DedupeKey)
        .Text(letter.Reason.ToString())
        .Text(StoredText.Trim(letter.Error))
        .Int(letter.Attempts)
        .Envelope(letter.Envelope);

    public NpgsqlBatchCommand Take(long id) => new NpgsqlBatchCommand(_take).Long(id);

    public NpgsqlBatchCommand Count(DeadLetterFilter filter) => Filter(_count, filter);

    public NpgsqlBatchCommand List(DeadLetterFilter filter, long afterId, int limit) => Filter(_list, filter).Long(afterId).Int(limit);

    public NpgsqlBatchCommand Insert(DeadLetterAction action) => clock.Command(_insertAction)
        .Long(action.DeadLetterId).Text(action.MessageId).Text(action.Target).Text(action.Kind.ToString()).Text(action.By).Text(action.Note);

    public NpgsqlBatchCommand ListActions(long afterId, int limit) => new NpgsqlBatchCommand(_listActions).Long(afterId).Int(limit);

    public static DeadLetter Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        IsOutgoing = row.GetBoolean(1),
        Handler = row.Text(2),
        Transport = row.Text(3)!,
        Source = row.Text(4)!,
        DedupeKey = row.Text(5),
        Reason = Enum.Parse<DeadLetterReason>(row.GetString(6)),
        Error = row.Text(7)!,
        Attempts = row.GetInt32(8),
        FirstAt = row.Time(9),
        At = row.Time(10),
        Envelope = row.ReadEnvelope(11),
    };

    public static DeadLetterAction ReadAction(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        DeadLetterId = row.GetInt64(1),
        MessageId = row.Text(2)!,
        Target = row.Text(3)!,
        Kind = Enum.Parse<DeadLetterActionKind>(row.GetString(4)),
        By = row.Text(5)!,
        Note = row.Text(6),
        At = row.Time(7),
    };

    private static NpgsqlBatchCommand Filter(string sql, DeadLetterFilter filter) => new NpgsqlBatchCommand(sql)
        .Longs(filter.Ids is { } ids ? [.. ids] : null)
        .Flag(filter.IsOutgoing)
        .Text(filter.Handler)
        .Text(filter.Source)
        .Text(filter.Reason?.ToString())
        .Text(filter.MessageId)
        .Text(filter.MessageName)
        .Time(filter.From)
        .Time(filter.Until);
}
