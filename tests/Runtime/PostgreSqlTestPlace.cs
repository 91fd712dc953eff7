using System.Data.Common;
using System.Globalization;
using Npgsql;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>A database of one test's own on the server that the tests share.</summary>
internal sealed class PostgreSqlTestPlace : TestPlace
{
    // A new database is a copy of an empty one, and the server copies one at a time.
    private static readonly SemaphoreSlim Copying = new(1, 1);

    private readonly string _database = "test_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private string? _connectionString;

    protected override string EffectsTable => "CREATE TABLE IF NOT EXISTS effects(number bigserial PRIMARY KEY, text text NOT NULL)";

    public override void Use(ReliabilityBuilder reliability) => reliability.UsePostgreSql(_connectionString!);

    public override async Task PrepareAsync()
    {
        if (_connectionString is null)
        {
            var server = await PostgreSqlServer.SharedAddressAsync();
            await RunOnServerAsync(server, $"CREATE DATABASE {_database}");
            _connectionString = new NpgsqlConnectionStringBuilder(server) { Database = _database }.ConnectionString;
            await base.PrepareAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
        {
            await RunOnServerAsync(await PostgreSqlServer.SharedAddressAsync(), $"DROP DATABASE {_database} WITH (FORCE)");
        }
    }

    protected override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task RunOnServerAsync(string server, string sql)
    {
        await Copying.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(server + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            Copying.Release();
        }
    }
}
