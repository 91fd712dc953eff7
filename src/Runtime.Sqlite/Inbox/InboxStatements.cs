using Microsoft.Data.Sqlite;
using Reliability.Connections;

namespace Reliability.Inbox;

internal sealed class InboxStatements(SqliteConnection connection, StoreClock clock, ConsumerNumbers consumers)
{
    private readonly Statement _insertConsumer = new(connection, "INSERT INTO reliability_consumer (name) VALUES (@p1) ON CONFLICT DO NOTHING");

    private readonly Statement _selectConsumers = new(connection, "SELECT name, id FROM reliability_consumer");

    private readonly Statement _insert = new(connection,
        "INSERT INTO reliability_inbox (consumer, key, fingerprint, at) VALUES (@p1, @p2, @p3, @p4) ON CONFLICT DO NOTHING");

    private readonly Statement _fingerprint = new(connection, "SELECT fingerprint FROM reliability_inbox WHERE consumer = @p1 AND key = @p2");

    private readonly Statement _countDuplicates = new(connection, "UPDATE reliability_consumer SET duplicates = duplicates + @p2 WHERE id = @p1");

    private readonly Statement _forget = new(connection, """
        DELETE FROM reliability_inbox WHERE (consumer, key) IN
            (SELECT consumer, key FROM reliability_inbox WHERE consumer = @p1 AND at < @p2 ORDER BY at LIMIT @p3)
        """);

    /// <summary>Numbers the handlers that have no number yet, and reads all.</summary>
    public Dictionary<string, long> Register(SqliteTransaction transaction, IReadOnlyCollection<string> names)
    {
        foreach (var name in names)
            _insertConsumer.Run(transaction, name);

        return _selectConsumers.Rows(transaction, row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1))).ToDictionary(StringComparer.Ordinal);
    }

    public InboxVerdict[] Add(SqliteTransaction transaction, IReadOnlyList<InboxEntry> entries)
    {
        var verdicts = new InboxVerdict[entries.Count];
        Dictionary<long, long>? duplicates = null;
        var now = clock.Now;
        for (var i = 0; i < entries.Count; i++)
        {
            var consumer = consumers.Of(entries[i].Consumer);
            verdicts[i] = Add(transaction, consumer, entries[i], now);
            if (verdicts[i] == InboxVerdict.Duplicate)
            {
                duplicates ??= [];
                duplicates[consumer] = duplicates.GetValueOrDefault(consumer) + 1;
            }
        }

        foreach (var (consumer, count) in duplicates ?? [])
            _countDuplicates.Run(transaction, consumer, count);

        return verdicts;
    }

    public void CountDuplicate(SqliteTransaction transaction, string consumer) => _countDuplicates.Run(transaction, consumers.Of(consumer), 1);

    public int Forget(SqliteTransaction transaction, string consumer, TimeSpan age, int limit) => _forget.Run(transaction, consumers.Of(consumer), clock.Before(age), limit);

    private InboxVerdict Add(SqliteTransaction transaction, long consumer, InboxEntry entry, long now)
    {
        var key = entry.Key.ToBytes();
        if (_insert.Run(transaction, consumer, key, entry.Fingerprint, now) == 1)
            return InboxVerdict.New;

        return _fingerprint.Scalar(transaction, consumer, key) is long known && known == entry.Fingerprint
            ? InboxVerdict.Duplicate
            : InboxVerdict.Conflict;
    }
}
