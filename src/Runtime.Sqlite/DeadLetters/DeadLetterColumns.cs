using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.DeadLetters;

/// <summary>A dead letter as it is read.</summary>
internal static class DeadLetterColumns
{
    public const string Names = $"id, outgoing, handler, transport, source, dedupe_key, reason, error, attempts, first_at, at, {EnvelopeColumns.Names}";

    public static DeadLetter Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        IsOutgoing = row.GetBoolean(1),
        Handler = Text.Read(row, 2),
        Transport = row.GetString(3),
        Source = Text.Read(row, 4)!,
        DedupeKey = Text.Read(row, 5),
        Reason = Enum.Parse<DeadLetterReason>(row.GetString(6)),
        Error = Text.Read(row, 7)!,
        Attempts = row.GetInt32(8),
        FirstAt = StoreClock.Read(row.GetInt64(9)),
        At = StoreClock.Read(row.GetInt64(10)),
        Envelope = EnvelopeColumns.Read(row, 11),
    };
}
