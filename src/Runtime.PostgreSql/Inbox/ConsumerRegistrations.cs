using Npgsql;
using Reliability.Connections;
using Reliability.Schema;

namespace Reliability.Inbox;

/// <summary>Numbers the handlers that have no number yet, and reads all numbers.</summary>
internal sealed class ConsumerRegistrations(TableNames names)
{
    private readonly string _findFormer = $"""
        SELECT name FROM {names.Consumer}
        WHERE name = ANY ($2) AND NOT EXISTS (SELECT FROM {names.Consumer} WHERE name = $1) ORDER BY array_position($2, name) LIMIT 1
        """;

    private readonly string _rename = $"UPDATE {names.Consumer} SET name = $1 WHERE name = $2";

    private readonly string _insert = $"INSERT INTO {names.Consumer} (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING";

    private readonly string _select = $"SELECT name, id FROM {names.Consumer}";

    /// <summary>Registers handlers. Several processes may do so at once.</summary>
    /// <returns>All numbers, and which handlers got the rows of a former name.</returns>
    public async ValueTask<(Dictionary<string, int> Numbers, List<(string Former, string Name)> Renamed)> RegisterAsync(
        NpgsqlConnection connection, IReadOnlyCollection<ConsumerRegistration> consumers, CancellationToken cancellationToken)
    {
        var renamed = new List<(string, string)>();
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            // Starts are the only ones that write here: one at a time, so that none finds half of what another does.
            await connection.RunAsync(transaction, [new NpgsqlBatchCommand($"LOCK TABLE {names.Consumer} IN SHARE ROW EXCLUSIVE MODE")], cancellationToken).ConfigureAwait(false);
            foreach (var consumer in consumers.Where(consumer => consumer.FormerNames.Count > 0))
            {
                var former = await connection.RowsAsync(transaction, [Names(_findFormer, consumer)], row => row.Text(0)!, cancellationToken).ConfigureAwait(false);
                if (former is not [var name])
                    continue;

                await connection.RunAsync(transaction, [new NpgsqlBatchCommand(_rename).Text(consumer.Name).Text(name)], cancellationToken).ConfigureAwait(false);
                renamed.Add((name, consumer.Name));
            }

            await connection.RunAsync(transaction, [new NpgsqlBatchCommand(_insert).Texts([.. consumers.Select(consumer => consumer.Name)])], cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        return (await ReadAsync(connection, cancellationToken).ConfigureAwait(false), renamed);
    }

    public async ValueTask<Dictionary<string, int>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.RowsAsync(null, [new NpgsqlBatchCommand(_select)], row => KeyValuePair.Create(row.Text(0)!, row.GetInt32(1)), cancellationToken).ConfigureAwait(false))
            .ToDictionary(StringComparer.Ordinal);

    private static NpgsqlBatchCommand Names(string sql, ConsumerRegistration consumer) =>
        new NpgsqlBatchCommand(sql).Text(consumer.Name).Texts([.. consumer.FormerNames]);
}
