using Npgsql;
using Reliability.Benchmarks.HandWritten;
using Reliability.Tests.Services;

namespace Reliability.Benchmarks.Business;

/// <summary>A fresh database in PostgreSQL.</summary>
internal sealed class RunDatabase : IRunDatabase
{
    private readonly NpgsqlDataSource _administrator;
    private readonly string _name;

    private RunDatabase(NpgsqlDataSource administrator, string name, string connectionString)
    {
        (_administrator, _name, ConnectionString) = (administrator, name, connectionString);
        // As the product's own pool: a statement is prepared when a connection runs it the second time.
        Source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 }.ConnectionString);
    }

    public string ConnectionString { get; }

    /// <summary>A pool for what is written by hand.</summary>
    public NpgsqlDataSource Source { get; }

    public static async Task<RunDatabase> CreateAsync(PostgreSqlServer server)
    {
        var name = $"run_{Guid.NewGuid():N}";
        var administrator = NpgsqlDataSource.Create(server.ConnectionString);
        await using (var command = administrator.CreateCommand($"CREATE DATABASE {name}"))
            await command.ExecuteNonQueryAsync();

        var database = new RunDatabase(administrator, name, new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString);
        await database.ExecuteAsync(BusinessTable.Create);
        return database;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    public void Use(ReliabilityBuilder reliability) => reliability.UsePostgreSql(ConnectionString);

    public async Task<ILedger> CreateLedgerAsync() => await PostgreSqlLedger.CreateAsync(Source);

    public async Task WaitUntilSentAsync()
    {
        await using var command = Source.CreateCommand("SELECT EXISTS (SELECT FROM reliability.outbox)");
        while ((bool)(await command.ExecuteScalarAsync())!)
            await Task.Delay(5);
    }

    public async Task<long> CountAsync(string table)
    {
        await using var command = Source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The duplicates that the product has dropped.</summary>
    public async Task<long> CountDuplicatesAsync()
    {
        await using var command = Source.CreateCommand("SELECT coalesce(sum(count), 0)::bigint FROM reliability.inbox_duplicates");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task CheckAsync(string contender, int messages)
    {
        await using var connection = await Source.OpenConnectionAsync();
        await BusinessTable.CheckAsync(connection, contender, messages);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await using (var command = _administrator.CreateCommand($"DROP DATABASE {_name} WITH (FORCE)"))
            await command.ExecuteNonQueryAsync();

        await _administrator.DisposeAsync();
    }
}
