using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>A database of one test's own, on the server that the tests share.</summary>
public sealed class PostgreSqlPlace(Action<PostgreSqlStoreOptions>? configure = null) : IStorePlace
{
    // A new database is a copy of an empty one, and the server copies one at a time.
    private static readonly SemaphoreSlim Copying = new(1, 1);

    private readonly string _database = "test_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private string? _connectionString;

    public async ValueTask<IMessageStore> OpenAsync(TimeProvider time)
    {
        await ConnectionStringAsync();
        return Open(options => options.Clock = time);
    }

    /// <summary>The database's connection string; the database is made at the first call.</summary>
    public async Task<string> ConnectionStringAsync() =>
        _connectionString ??= await CreateAsync(await PostgreSqlServer.SharedAddressAsync());

    /// <summary>A store as an application gets it, with a container of its own.</summary>
    public IMessageStore Open(Action<PostgreSqlStoreOptions>? further = null) => Open(_connectionString!, options =>
    {
        configure?.Invoke(options);
        further?.Invoke(options);
    });

    public static IMessageStore Open(string connectionString, Action<PostgreSqlStoreOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddReliability(reliability => reliability.UsePostgreSql(connectionString, configure));
        return services.BuildServiceProvider().GetRequiredService<IMessageStore>();
    }

    /// <summary>Runs SQL on the database, beside any store.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await ConnectionStringAsync() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connectionString is null)
            return;

        await using var connection = new NpgsqlConnection(await PostgreSqlServer.SharedAddressAsync() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"DROP DATABASE {_database} WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> CreateAsync(string server)
    {
        await Copying.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(server + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"CREATE DATABASE {_database}", connection);
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            Copying.Release();
        }

        return new NpgsqlConnectionStringBuilder(server) { Database = _database }.ConnectionString;
    }
}
