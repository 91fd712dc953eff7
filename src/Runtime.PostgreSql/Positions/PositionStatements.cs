using Npgsql;
using Reliability.Connections;
using Reliability.Inbox;
using Reliability.Schema;

namespace Reliability.Positions;

internal sealed class PositionStatements(TableNames names, ConsumerNumbers consumers)
{
    // Where another transaction has moved a row, this waits for its end, and then goes on from what that has left.
    private readonly string _move = $"""
        INSERT INTO {names.Position} AS known (consumer, source, part, epoch, last_offset)
        SELECT * FROM unnest($1::integer[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
        ON CONFLICT (consumer, source, part) DO UPDATE SET
            (epoch_before, offset_before) = (known.epoch, known.last_offset),
            epoch = greatest(known.epoch, EXCLUDED.epoch),
            last_offset = CASE WHEN (EXCLUDED.epoch, EXCLUDED.last_offset) > (known.epoch, known.last_offset) THEN EXCLUDED.last_offset ELSE known.last_offset END
        RETURNING consumer, source, part, offset_before, epoch_before
        """;

    private readonly string _read = $"SELECT part, last_offset, epoch FROM {names.Position} WHERE consumer = $1 AND source = $2 ORDER BY part";

    public NpgsqlBatchCommand Move(IReadOnlyCollection<KeyValuePair<PositionRowKey, LogPosition>> furthest) => new NpgsqlBatchCommand(_move)
        .Ints([.. furthest.Select(row => consumers.Of(row.Key.Consumer))])
        .Texts([.. furthest.Select(row => row.Key.Source)])
        .Texts([.. furthest.Select(row => row.Key.Part)])
        .Longs([.. furthest.Select(row => row.Value.Epoch)])
        .Longs([.. furthest.Select(row => row.Value.Offset)]);

    /// <summary>A row, and the position that it had; null where it is new.</summary>
    public (PositionRowKey Key, LogPosition? Last) ReadBefore(NpgsqlDataReader row)
    {
        var key = new PositionRowKey(consumers.NameOf(row.GetInt32(0)), row.Text(1)!, row.Text(2)!);
        return (key, row.IsDBNull(3) ? null : new LogPosition(key.Part, row.GetInt64(3)) { Epoch = row.GetInt64(4) });
    }

    public NpgsqlBatchCommand Read(string consumer, string source) => new NpgsqlBatchCommand(_read).Int(consumers.Of(consumer)).Text(source);
}
