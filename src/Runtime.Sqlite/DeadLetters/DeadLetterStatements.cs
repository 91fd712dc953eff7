using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.DeadLetters;

internal sealed class DeadLetterStatements(SqliteConnection connection, StoreClock clock)
{
    private readonly Statement _insert = new(connection, $"""
        INSERT INTO reliability_dead_letter
            (identity, outgoing, handler, transport, source, dedupe_key, reason, error, attempts, first_at, at, {EnvelopeColumns.Names})
        VALUES (@p1, @p2, @p3, @p4, @p5, CAST(@p6 AS TEXT), @p7, CAST(@p8 AS TEXT), @p9, @p10, @p11,
            CAST(@p12 AS TEXT), CAST(@p13 AS TEXT), CAST(@p14 AS TEXT), @p15, @p16)
        ON CONFLICT (identity) DO NOTHING
        """);

    public void Add(SqliteTransaction transaction, DeadLetter letter)
    {
        var now = clock.Now;
        _insert.Run(transaction, DeadLetterIdentity.Of(letter), letter.IsOutgoing, letter.Handler, letter.Transport, letter.Source,
            Text.Bytes(letter.DedupeKey), letter.Reason.ToString(), Text.Bytes(Text.Trim(letter.Error)), letter.Attempts,
            letter.FirstAt == default ? now : letter.FirstAt.ToUnixTimeMilliseconds(), now,
            Text.Bytes(letter.Envelope.MessageId), Text.Bytes(letter.Envelope.MessageName), Text.Bytes(letter.Envelope.Key),
            EnvelopeColumns.HeadersOf(letter.Envelope), EnvelopeColumns.BodyOf(letter.Envelope));
    }
}
