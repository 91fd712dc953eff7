using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.DeadLetters;

internal sealed class DeadLetterStatements(Statements statements, StoreClock clock)
{
    private readonly Statement _insert = new(statements, $"""
        INSERT INTO reliability_dead_letter
            (identity, outgoing, handler, transport, source, dedupe_key, reason, error, attempts, first_at, at, {EnvelopeColumns.Names})
        VALUES (@p1, @p2, CAST(@p3 AS TEXT), @p4, CAST(@p5 AS TEXT), CAST(@p6 AS TEXT), @p7, CAST(@p8 AS TEXT), @p9, @p10, @p11,
            CAST(@p12 AS TEXT), CAST(@p13 AS TEXT), CAST(@p14 AS TEXT), @p15, @p16)
        ON CONFLICT (identity) DO NOTHING
        """);

    private readonly Statement _take = new(statements, $"DELETE FROM reliability_dead_letter WHERE id = @p1 RETURNING {DeadLetterColumns.Names}");

    private readonly Statement _insertAction = new(statements, """
        INSERT INTO reliability_dead_letter_action (dead_letter, message_id, target, kind, done_by, note, at)
        VALUES (@p1, CAST(@p2 AS TEXT), CAST(@p3 AS TEXT), @p4, CAST(@p5 AS TEXT), CAST(@p6 AS TEXT), @p7)
        """);

    public DeadLetter? Take(SqliteTransaction transaction, long id) => _take.Rows(transaction, DeadLetterColumns.Read, id).SingleOrDefault();

    public void Add(SqliteTransaction transaction, DeadLetterAction action) => _insertAction.Run(transaction, action.DeadLetterId,
        Text.Bytes(action.MessageId), Text.Bytes(action.Target), action.Kind.ToString(), Text.Bytes(action.By), Text.Bytes(action.Note), clock.Now);

    public void Add(SqliteTransaction transaction, DeadLetter letter)
    {
        var now = clock.Now;
        _insert.Run(transaction, DeadLetterIdentity.Of(letter), letter.IsOutgoing, Text.Bytes(letter.Handler), letter.Transport, Text.Bytes(letter.Source),
            Text.Bytes(letter.DedupeKey), letter.Reason.ToString(), Text.Bytes(Text.Trim(letter.Error)), letter.Attempts,
            letter.FirstAt == default ? now : letter.FirstAt.ToUnixTimeMilliseconds(), now,
            Text.Bytes(letter.Envelope.MessageId), Text.Bytes(letter.Envelope.MessageName), Text.Bytes(letter.Envelope.Key),
            EnvelopeColumns.HeadersOf(letter.Envelope), EnvelopeColumns.BodyOf(letter.Envelope));
    }
}
