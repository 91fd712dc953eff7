using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.Inbox;

internal sealed class InboxStatements(Statements statements, StoreClock clock, ConsumerNumbers consumers)
{
    private readonly Statement _insertConsumer = new(statements, "INSERT INTO reliability_consumer (name) VALUES (@p1) ON CONFLICT DO NOTHING");

    private readonly Statement _selectConsumers = new(statements, "SELECT name, id FROM reliability_consumer");

    private readonly Statement _renameConsumer = new(statements, "UPDATE reliability_consumer SET name = @p2 WHERE name = @p1");

    private readonly Statement _insert = new(statements,
        "INSERT INTO reliability_inbox (consumer, key, fingerprint, at) VALUES (@p1, @p2, @p3, @p4) ON CONFLICT DO NOTHING");

    private readonly Statement _waits = new(statements, "SELECT 1 FROM reliability_deferred WHERE consumer = @p1 AND dedupe_key = CAST(@p2 AS TEXT)");

    private readonly Statement _remove = new(statements, "DELETE FROM reliability_inbox WHERE consumer = @p1 AND key = @p2");

    private readonly Statement _fingerprint = new(statements, "SELECT fingerprint FROM reliability_inbox WHERE consumer = @p1 AND key = @p2");

    private readonly Statement _countDuplicates = new(statements, "UPDATE reliability_consumer SET duplicates = duplicates + @p2 WHERE id = @p1");

    private readonly Statement _forget = new(statements, """
        DELETE FROM reliability_inbox WHERE consumer = @p1 AND key IN
            (SELECT key FROM reliability_inbox WHERE consumer = @p1 AND at < @p2 ORDER BY at LIMIT @p3)
        """);

    /// <summary>Numbers the handlers that have no number yet, those renamed by their former name's, and reads all.</summary>
    public Dictionary<string, long> Register(SqliteTransaction transaction, IReadOnlyCollection<ConsumerRegistration> consumers)
    {
        var known = ReadConsumers(transaction);
        var current = consumers.Select(consumer => consumer.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, formerNames) in consumers.Where(consumer => !known.ContainsKey(consumer.Name)))
        {
            // A name that another handler bears now is that one's.
            if (formerNames.FirstOrDefault(former => known.ContainsKey(former) && !current.Contains(former)) is { } former)
                _renameConsumer.Run(transaction, former, name);
            else
                _insertConsumer.Run(transaction, name);

            known = ReadConsumers(transaction);
        }

        return known;
    }

    public Dictionary<string, long> ReadConsumers(SqliteTransaction? transaction) =>
        _selectConsumers.Rows(transaction, row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1))).ToDictionary(StringComparer.Ordinal);

    public void Remove(SqliteTransaction transaction, IReadOnlyList<InboxEntry> entries)
    {
        foreach (var entry in entries)
            _remove.Run(transaction, consumers.Of(entry.Consumer), entry.Key.ToBytes());
    }

    public InboxVerdict[] Add(SqliteTransaction transaction, IReadOnlyList<InboxEntry> entries)
    {
        var verdicts = new InboxVerdict[entries.Count];
        var now = clock.Now;
        for (var i = 0; i < entries.Count; i++)
        {
            verdicts[i] = Add(transaction, consumers.Of(entries[i].Consumer), entries[i], now);
        }

        CountDuplicates(transaction, entries.Where((_, i) => verdicts[i] == InboxVerdict.Duplicate).Select(entry => entry.Consumer));
        return verdicts;
    }

    /// <summary>Counts a duplicate for each consumer named, as often as it is.</summary>
    public void CountDuplicates(SqliteTransaction transaction, IEnumerable<string> duplicates)
    {
        foreach (var same in duplicates.GroupBy(consumer => consumer))
            _countDuplicates.Run(transaction, consumers.Of(same.Key), same.Count());
    }

    public int Forget(SqliteTransaction transaction, string consumer, TimeSpan age, int limit) => _forget.Run(transaction, consumers.Of(consumer), clock.Before(age), limit);

    private InboxVerdict Add(SqliteTransaction transaction, long consumer, InboxEntry entry, long now)
    {
        var key = entry.Key.ToBytes();
        var waits = entry.DeferredAs is { } text && _waits.Scalar(transaction, consumer, Text.Bytes(text)) is not null;
        if (!waits && _insert.Run(transaction, consumer, key, entry.Fingerprint, now) == 1)
            return InboxVerdict.New;

        return _fingerprint.Scalar(transaction, consumer, key) switch
        {
            long known => known == entry.Fingerprint ? InboxVerdict.Duplicate : InboxVerdict.Conflict,
            _ => InboxVerdict.Waiting,
        };
    }
}
