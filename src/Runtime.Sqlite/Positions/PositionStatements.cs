using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Inbox;

namespace Reliability.Positions;

internal sealed class PositionStatements(Statements statements, ConsumerNumbers consumers)
{
    private readonly Statement _select = new(statements,
        "SELECT epoch, last_offset FROM reliability_position WHERE consumer = @p1 AND source = @p2 AND part = @p3");

    private readonly Statement _set = new(statements, """
        INSERT INTO reliability_position (consumer, source, part, epoch, last_offset) VALUES (@p1, @p2, @p3, @p4, @p5)
        ON CONFLICT DO UPDATE SET epoch = excluded.epoch, last_offset = excluded.last_offset
        """);

    /// <summary>Nothing comes between reading a position and moving it: the transaction is the file's only writer from its beginning.</summary>
    public IReadOnlyList<InboxVerdict> Take(SqliteTransaction transaction, IReadOnlyList<PositionEntry> entries)
    {
        var group = new PositionGroup(entries);
        var before = new Dictionary<PositionRowKey, LogPosition>();
        foreach (var (key, furthest) in group.Furthest)
        {
            var consumer = consumers.Of(key.Consumer);
            var known = _select.Rows(transaction, row => new LogPosition(key.Part, row.GetInt64(1)) { Epoch = row.GetInt64(0) }, consumer, key.Source, key.Part);
            if (known is [var last])
                before.Add(key, last);

            if (known is not [var reached] || furthest.IsLaterThan(reached))
                _set.Run(transaction, consumer, key.Source, key.Part, furthest.Epoch, furthest.Offset);
        }

        return group.Verdicts(before);
    }
}
