using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.DeadLetters;

internal sealed class DeadLetterTable(ReadConnection reader) : IDeadLetterTable
{
    public async ValueTask<long> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        var query = new DeadLetterQuery(filter);
        return (await reader.RowsAsync($"SELECT count(*) FROM reliability_dead_letter WHERE true{query.Conditions}",
            row => row.GetInt64(0), query.Values, cancellationToken).ConfigureAwait(false))[0];
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, long afterId, int limit, CancellationToken cancellationToken)
    {
        var query = new DeadLetterQuery(filter, afterId, limit);
        return await reader.RowsAsync(
            $"SELECT {DeadLetterColumns.Names} FROM reliability_dead_letter WHERE id > @p1{query.Conditions} ORDER BY id LIMIT @p2",
            DeadLetterColumns.Read, query.Values, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<DeadLetterAction>> ListActionsAsync(long afterId, int limit, CancellationToken cancellationToken) =>
        await reader.RowsAsync("""
            SELECT id, dead_letter, message_id, target, kind, done_by, note, at FROM reliability_dead_letter_action
            WHERE id > @p1 ORDER BY id LIMIT @p2
            """, ReadAction, [afterId, limit], cancellationToken).ConfigureAwait(false);

    private static DeadLetterAction ReadAction(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        DeadLetterId = row.GetInt64(1),
        MessageId = Text.Read(row, 2)!,
        Target = Text.Read(row, 3)!,
        Kind = Enum.Parse<DeadLetterActionKind>(row.GetString(4)),
        By = Text.Read(row, 5)!,
        Note = Text.Read(row, 6),
        At = StoreClock.Read(row.GetInt64(7)),
    };
}
