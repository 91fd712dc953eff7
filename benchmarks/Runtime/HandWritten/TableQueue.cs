using Npgsql;
using NpgsqlTypes;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>A queue in a table, and the two loops that people write over it.</summary>
internal sealed class TableQueue(NpgsqlDataSource database, Meter meter)
{
    private const int Group = 200;

    private const string Table = "CREATE TABLE queue (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, message_id uuid NOT NULL, body bytea NOT NULL)";

    public async Task FillAsync(IEnumerable<Outgoing> messages)
    {
        await using (var command = database.CreateCommand(Table))
            await command.ExecuteNonQueryAsync();

        await using var connection = await database.OpenConnectionAsync();
        await using var import = await connection.BeginBinaryImportAsync("COPY queue (message_id, body) FROM STDIN (FORMAT binary)");
        foreach (var message in messages)
        {
            await import.StartRowAsync();
            await import.WriteAsync(message.Id, NpgsqlDbType.Uuid);
            await import.WriteAsync(message.Body, NpgsqlDbType.Bytea);
        }

        await import.CompleteAsync();
    }

    /// <summary>The careful loop: one transaction a message, several workers.</summary>
    public Task OneByOneAsync(int workers) => RunAsync(workers, 1, async (connection, transaction, group) =>
        await BusinessOf(connection, transaction, group[0].Body));

    /// <summary>The grouped sketch, without features: what is at hand, up to 200, in one transaction; each message its own insert, or all travel as a batch.</summary>
    public Task GroupedAsync(int workers, bool batched) => RunAsync(workers, Group, async (connection, transaction, group) =>
    {
        if (batched)
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            foreach (var (_, body) in group)
                batch.BatchCommands.Add(Business.BusinessTable.Command(Bodies.Read(body)));

            await batch.ExecuteNonQueryAsync();
            return;
        }

        foreach (var (_, body) in group)
            await BusinessOf(connection, transaction, body);
    });

    private static Task BusinessOf(NpgsqlConnection connection, NpgsqlTransaction transaction, byte[] body) =>
        Business.BusinessTable.AddAsync(connection, transaction, Bodies.Read(body));

    private async Task RunAsync(int workers, int limit, Func<NpgsqlConnection, NpgsqlTransaction, List<(Guid Id, byte[] Body)>, Task> handleAsync)
    {
        meter.Start();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync)));

        async Task WorkAsync()
        {
            await using var connection = await database.OpenConnectionAsync();
            while (true)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                var group = await TakeAsync(connection, transaction, limit);
                if (group.Count == 0)
                    return;

                // Every id is new by construction; the statement is what the inbox costs.
                await MarkAsync(connection, transaction, [.. group.Select(message => message.Id)]);
                await handleAsync(connection, transaction, group);
                await transaction.CommitAsync();
            }
        }
    }

    private static async Task<List<(Guid Id, byte[] Body)>> TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, int limit)
    {
        await using var command = new NpgsqlCommand(
            "DELETE FROM queue WHERE id = ANY(ARRAY(SELECT id FROM queue ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)) RETURNING message_id, body", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync();
        var taken = new List<(Guid, byte[])>();
        while (await reader.ReadAsync())
            taken.Add((reader.GetGuid(0), reader.GetFieldValue<byte[]>(1)));

        return taken;
    }

    private static async Task MarkAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid[] ids)
    {
        await using var command = new NpgsqlCommand("INSERT INTO handled (message_id) SELECT unnest($1) ON CONFLICT DO NOTHING", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await command.ExecuteNonQueryAsync();
    }
}
