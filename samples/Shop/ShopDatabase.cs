using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Reliability;

namespace Shop;

/// <summary>
/// Where the shop's own tables and its messages are: a file, or two schemas of a PostgreSQL database. No unique constraint on the effects, on purpose: were
/// a handler's effect doubled, the ledger would show it.
/// </summary>
public sealed class ShopDatabase(ShopSettings settings)
{
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS orders(id TEXT PRIMARY KEY, customer TEXT NOT NULL, amount REAL NOT NULL);
        CREATE TABLE IF NOT EXISTS invoices(order_id TEXT NOT NULL, amount REAL NOT NULL, issued_at BIGINT NOT NULL);
        CREATE TABLE IF NOT EXISTS parcels(order_id TEXT NOT NULL, customer TEXT NOT NULL, shipped_at BIGINT NOT NULL);
        """;

    private readonly string _file = Path.Combine(settings.Folder, "shop.db");

    // A run has tables of its own also in a database that outlives it.
    private readonly string _schema = "shop_" + string.Concat(settings.Run.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));

    /// <summary>What it is, for a person.</summary>
    public string Description => settings.Postgres is null ? _file : $"PostgreSQL, schema {_schema}";

    /// <summary>In what the library's own tables begin their names.</summary>
    public string Messages => settings.Postgres is null ? "reliability_" : MessagesSchema + ".";

    /// <summary>Where the library counts the deliveries that it dropped.</summary>
    public (string Table, string Column) Duplicates => settings.Postgres is null ? ("consumer", "duplicates") : ("inbox_duplicates", "count");

    private string MessagesSchema => _schema + "_messages";

    /// <summary>False while it cannot have been made yet.</summary>
    public bool MayExist => settings.Postgres is not null || File.Exists(_file);

    public ReliabilityBuilder UseIn(ReliabilityBuilder reliability) => settings.Postgres is { } postgres
        ? reliability.UsePostgreSql(WithSchema(postgres), options => options.Schema = MessagesSchema)
        : reliability.UseSqlite(_file);

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken, create: true);
        await using var command = connection.CreateCommand();
        command.CommandText = (settings.Postgres is null ? "PRAGMA journal_mode = WAL; " : $"CREATE SCHEMA IF NOT EXISTS {_schema}; ") + Tables;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A connection beside those of the library.</summary>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken, bool create = false)
    {
        DbConnection connection = settings.Postgres is { } postgres
            ? new NpgsqlConnection(WithSchema(postgres))
            : new SqliteConnection($"Data Source={_file};Default Timeout=10{(create ? "" : ";Mode=ReadOnly")}");
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The shop's statements name no schema.
    private string WithSchema(string postgres) => new NpgsqlConnectionStringBuilder(postgres) { SearchPath = _schema }.ConnectionString;
}
