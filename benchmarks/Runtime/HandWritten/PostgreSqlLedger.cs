using Npgsql;
using Reliability.Benchmarks.Business;

namespace Reliability.Benchmarks.HandWritten;

internal sealed class PostgreSqlLedger(NpgsqlDataSource database) : ILedger
{
    private const string Tables = """
        CREATE TABLE handled (message_id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE outgoing (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, message_id uuid NOT NULL, body bytea NOT NULL);
        """;

    public static async Task<PostgreSqlLedger> CreateAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Tables);
        await command.ExecuteNonQueryAsync();
        return new PostgreSqlLedger(database);
    }

    public async ValueTask<ILedgerSession> OpenAsync() => new Session(await database.OpenConnectionAsync());

    public async ValueTask RemoveAsync(IReadOnlyList<long> outgoing)
    {
        await using var command = database.CreateCommand("DELETE FROM outgoing WHERE id = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. outgoing] });
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Session(NpgsqlConnection connection) : ILedgerSession
    {
        private NpgsqlTransaction _transaction = null!;

        public async ValueTask BeginAsync() => _transaction = await connection.BeginTransactionAsync();

        public async ValueTask<IReadOnlySet<Guid>> MarkAsync(IReadOnlyList<Guid> ids)
        {
            await using var command = new NpgsqlCommand("INSERT INTO handled (message_id) SELECT unnest($1) ON CONFLICT DO NOTHING RETURNING message_id", connection, _transaction);
            // In one order, so that groups never wait for each other crosswise.
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids.Order()] });
            var marked = new HashSet<Guid>(ids.Count);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                marked.Add(reader.GetGuid(0));

            return marked;
        }

        public async ValueTask AddAsync(PaymentTaken payment) => await BusinessTable.AddAsync(connection, _transaction, payment);

        public async ValueTask AddAllAsync(IReadOnlyList<PaymentTaken> payments)
        {
            await using var batch = new NpgsqlBatch(connection, _transaction);
            foreach (var payment in payments)
                batch.BatchCommands.Add(BusinessTable.Command(payment));

            await batch.ExecuteNonQueryAsync();
        }

        public async ValueTask<IReadOnlyList<long>> SendAsync(IReadOnlyList<Outgoing> messages)
        {
            await using var command = new NpgsqlCommand("INSERT INTO outgoing (message_id, body) SELECT * FROM unnest($1, $2) RETURNING id", connection, _transaction);
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. messages.Select(message => message.Id)] });
            command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. messages.Select(message => message.Body)] });
            var ids = new List<long>(messages.Count);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                ids.Add(reader.GetInt64(0));

            return ids;
        }

        public async ValueTask CommitAsync()
        {
            await _transaction.CommitAsync();
            await _transaction.DisposeAsync();
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}
