using Npgsql;

namespace Reliability.Connections;

/// <summary>Statements that travel together: one round trip, and without a transaction around them they are one.</summary>
internal static class Batches
{
    public static async ValueTask<int> RunAsync(
        this NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<NpgsqlBatchCommand> commands, CancellationToken cancellationToken)
    {
        var batch = connection.Batch(transaction, commands);
        await using (batch.ConfigureAwait(false))
        {
            return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the rows of the only statement that gives any.</summary>
    public static async ValueTask<List<T>> RowsAsync<T>(
        this NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<NpgsqlBatchCommand> commands, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken)
    {
        var batch = connection.Batch(transaction, commands);
        await using (batch.ConfigureAwait(false))
        {
            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var rows = new List<T>();
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                    rows.Add(read(reader));

                // To the end: an error of a later statement, or of the commit, comes after the last row.
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
                return rows;
            }
        }
    }

    private static NpgsqlBatch Batch(this NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<NpgsqlBatchCommand> commands)
    {
        var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var command in commands)
            batch.BatchCommands.Add(command);

        return batch;
    }
}
