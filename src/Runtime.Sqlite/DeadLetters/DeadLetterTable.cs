using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.DeadLetters;

internal sealed class DeadLetterTable(ReadConnection reader) : IDeadLetterTable
{
    private const string Page = $"""
        SELECT id, outgoing, handler, transport, source, dedupe_key, reason, error, attempts, first_at, at, {EnvelopeColumns.Names}
        FROM reliability_dead_letter WHERE id > @p1 ORDER BY id LIMIT @p2
        """;

    public ValueTask<long> CountAsync(DeadLetterFilter filter, CancellationToken cancellationToken) =>
        reader.RowAsync("SELECT count(*) FROM reliability_dead_letter", row => row.GetInt64(0), cancellationToken);

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, long afterId, int limit, CancellationToken cancellationToken) =>
        await reader.RowsAsync(Page, Read, [afterId, limit], cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<DeadLetterAction>> ListActionsAsync(long afterId, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static DeadLetter Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        IsOutgoing = row.GetBoolean(1),
        Handler = row.IsDBNull(2) ? null : row.GetString(2),
        Transport = row.GetString(3),
        Source = row.GetString(4),
        DedupeKey = Text.Read(row, 5),
        Reason = Enum.Parse<DeadLetterReason>(row.GetString(6)),
        Error = Text.Read(row, 7)!,
        Attempts = row.GetInt32(8),
        FirstAt = StoreClock.Read(row.GetInt64(9)),
        At = StoreClock.Read(row.GetInt64(10)),
        Envelope = EnvelopeColumns.Read(row, 11),
    };
}
