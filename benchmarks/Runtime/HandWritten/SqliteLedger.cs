using System.Text.Json;
using Microsoft.Data.Sqlite;
using Reliability.Benchmarks.Business;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>SQLite has one writer at a time: who writes waits here, and not in SQLite, which would poll.</summary>
internal sealed class SqliteLedger(Func<Task<SqliteConnection>> openAsync) : ILedger
{
    private const string Tables = """
        CREATE TABLE handled (message_id text PRIMARY KEY, at text NOT NULL DEFAULT current_timestamp) WITHOUT ROWID;
        CREATE TABLE outgoing (id integer PRIMARY KEY AUTOINCREMENT, message_id text NOT NULL, body blob NOT NULL);
        """;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private SqliteConnection _removing = null!;

    public static async Task<SqliteLedger> CreateAsync(Func<Task<SqliteConnection>> openAsync)
    {
        var ledger = new SqliteLedger(openAsync) { _removing = await openAsync() };
        await using var command = ledger._removing.CreateCommand();
        command.CommandText = Tables;
        await command.ExecuteNonQueryAsync();
        return ledger;
    }

    public async ValueTask<ILedgerSession> OpenAsync() => new Session(await openAsync(), _writing);

    public async ValueTask RemoveAsync(IReadOnlyList<long> outgoing)
    {
        await _writing.WaitAsync();
        try
        {
            await using var command = _removing.CreateCommand();
            command.CommandText = "DELETE FROM outgoing WHERE id IN (SELECT value FROM json_each(@ids))";
            command.Parameters.AddWithValue("@ids", $"[{string.Join(',', outgoing)}]");
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _removing.DisposeAsync();
        _writing.Dispose();
    }

    private sealed class Session(SqliteConnection connection, SemaphoreSlim writing) : ILedgerSession
    {
        private SqliteTransaction _transaction = null!;

        public async ValueTask BeginAsync()
        {
            await writing.WaitAsync();
            _transaction = connection.BeginTransaction(deferred: false);
        }

        public async ValueTask<IReadOnlySet<Guid>> MarkAsync(IReadOnlyList<Guid> ids)
        {
            await using var command = Command("INSERT INTO handled (message_id) SELECT value FROM json_each(@ids) WHERE true ON CONFLICT DO NOTHING RETURNING message_id");
            command.Parameters.AddWithValue("@ids", JsonSerializer.Serialize(ids.Select(id => id.ToString())));
            var marked = new HashSet<Guid>(ids.Count);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                marked.Add(Guid.Parse(reader.GetString(0)));

            return marked;
        }

        public async ValueTask AddAsync(PaymentTaken payment) => await BusinessTable.AddPortablyAsync(_transaction, payment);

        public async ValueTask AddAllAsync(IReadOnlyList<PaymentTaken> payments)
        {
            foreach (var payment in payments)
                await AddAsync(payment);
        }

        public async ValueTask<IReadOnlyList<long>> SendAsync(IReadOnlyList<Outgoing> messages)
        {
            await using var command = Command("INSERT INTO outgoing (message_id, body) VALUES (@id, @body) RETURNING id");
            var id = command.Parameters.Add("@id", SqliteType.Text);
            var body = command.Parameters.Add("@body", SqliteType.Blob);
            var rows = new List<long>(messages.Count);
            foreach (var message in messages)
            {
                (id.Value, body.Value) = (message.Id.ToString(), message.Body);
                rows.Add((long)(await command.ExecuteScalarAsync())!);
            }

            return rows;
        }

        public async ValueTask CommitAsync()
        {
            await _transaction.CommitAsync();
            await _transaction.DisposeAsync();
            writing.Release();
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private SqliteCommand Command(string text)
        {
            var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (_transaction, text);
            return command;
        }
    }
}
