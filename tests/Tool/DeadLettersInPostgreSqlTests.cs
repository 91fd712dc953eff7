using Npgsql;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>Over a PostgreSQL database of the test's own.</summary>
public sealed class DeadLettersInPostgreSqlTests : DeadLetterCommandTests
{
    private readonly string _database = $"tool_{Guid.NewGuid():N}";
    private string _server = "";

    protected override string Store => $"postgresql:{new NpgsqlConnectionStringBuilder(_server) { Database = _database }.ConnectionString}";

    public override async ValueTask InitializeAsync()
    {
        _server = await PostgreSqlServer.SharedAddressAsync();
        await ExecuteAsync($"CREATE DATABASE {_database}");
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await ExecuteAsync($"DROP DATABASE {_database} WITH (FORCE)");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
