using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Reliability.Benchmarks.Local;

/// <summary>A queue in a table, its inbox, and the two loops that people write over them.</summary>
internal static class HandWritten
{
    private static readonly string[] Tables =
    [
        "CREATE TABLE queue (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, message_id uuid NOT NULL, body bytea NOT NULL)",
        "CREATE TABLE handled (message_id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
    ];

    public static async Task FillAsync(NpgsqlDataSource database, int messages)
    {
        foreach (var table in Tables)
        {
            await using var command = database.CreateCommand(table);
            await command.ExecuteNonQueryAsync();
        }

        await using var connection = await database.OpenConnectionAsync();
        await using var import = await connection.BeginBinaryImportAsync("COPY queue (message_id, body) FROM STDIN (FORMAT binary)");
        for (var number = 0; number < messages; number++)
        {
            var id = Guid.CreateVersion7();
            await import.StartRowAsync();
            await import.WriteAsync(id, NpgsqlDbType.Uuid);
            await import.WriteAsync(Bodies.Of(id, number), NpgsqlDbType.Bytea);
        }

        await import.CompleteAsync();
    }

    /// <summary>The careful loop: one transaction a message, several workers.</summary>
    public static async Task<TimeSpan> OneByOneAsync(NpgsqlDataSource database, int workers)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => OneByOneAsync(database))));
        return watch.Elapsed;
    }

    /// <summary>The grouped sketch, without features: what is at hand, up to 200, in one transaction; each handler sends its own insert, or all travel as a batch.</summary>
    public static async Task<TimeSpan> GroupedAsync(NpgsqlDataSource database, int workers, bool batched)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => GroupedAsync(database, batched))));
        return watch.Elapsed;
    }

    private static async Task OneByOneAsync(NpgsqlDataSource database)
    {
        await using var connection = await database.OpenConnectionAsync();
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            if (await TakeAsync(connection, transaction, 1) is not [var (id, body)])
                return;

            if (await MarkAsync(connection, transaction, [id]) == 1)
                await HandleAsync(connection, transaction, body);

            await transaction.CommitAsync();
        }
    }

    private static async Task GroupedAsync(NpgsqlDataSource database, bool batched)
    {
        await using var connection = await database.OpenConnectionAsync();
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            var group = await TakeAsync(connection, transaction, 200);
            if (group.Count == 0)
                return;

            // Every id here is new by construction; the statement is what the sketch costs.
            await MarkAsync(connection, transaction, [.. group.Select(message => message.Id)]);
            if (batched)
            {
                await SendAsync(connection, transaction, group);
            }
            else
            {
                foreach (var (_, body) in group)
                    await HandleAsync(connection, transaction, body);
            }

            await transaction.CommitAsync();
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

    private static async Task<int> MarkAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid[] ids)
    {
        await using var command = new NpgsqlCommand("INSERT INTO handled (message_id) SELECT unnest($1) ON CONFLICT DO NOTHING", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task SendAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, List<(Guid Id, byte[] Body)> group)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var (_, body) in group)
            batch.BatchCommands.Add(BusinessTable.Command(JsonSerializer.Deserialize(body, BenchmarkJson.Default.PaymentTaken)!));

        await batch.ExecuteNonQueryAsync();
    }

    private static async Task HandleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, byte[] body) =>
        await BusinessTable.AddAsync(connection, transaction, JsonSerializer.Deserialize(body, BenchmarkJson.Default.PaymentTaken)!);
}
