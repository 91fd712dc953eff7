using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Shop;

/// <summary>
/// The shop's own tables. No unique constraint on the effects, on purpose: were a handler's effect doubled, the ledger would show it.
/// </summary>
public static class ShopDatabase
{
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS orders(id TEXT PRIMARY KEY, customer TEXT NOT NULL, amount REAL NOT NULL);
        CREATE TABLE IF NOT EXISTS invoices(order_id TEXT NOT NULL, amount REAL NOT NULL, issued_at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS parcels(order_id TEXT NOT NULL, customer TEXT NOT NULL, shipped_at INTEGER NOT NULL);
        """;

    public static string FileIn(string folder) => Path.Combine(folder, "shop.db");

    public static async Task CreateAsync(string folder, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={FileIn(folder)}");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA journal_mode = WAL; {Tables}";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs one statement on an open transaction.</summary>
    public static async Task ExecuteAsync(
        this DbTransaction transaction, string sql, (string Name, object Value)[] parameters, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
