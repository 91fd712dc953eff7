using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reliability.Tests.Services;

namespace Reliability.Tests.Sending;

/// <summary>A database of one test's own, on the server that the tests share.</summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    // A new database is a copy of an empty one, and the server copies one at a time.
    private static readonly SemaphoreSlim Copying = new(1, 1);

    private readonly string _name = "test_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private string? _connectionString;

    /// <summary>The database is made at the first call.</summary>
    public async Task<string> ConnectionStringAsync()
    {
        if (_connectionString is null)
        {
            await Copying.WaitAsync();
            try
            {
                await ExecuteAsync($"CREATE DATABASE {_name}");
            }
            finally
            {
                Copying.Release();
            }

            _connectionString = new NpgsqlConnectionStringBuilder(await PostgreSqlServer.SharedAddressAsync()) { Database = _name }.ConnectionString;
        }

        return _connectionString;
    }

    /// <summary>A store as an application gets it, with connections of its own. Not started.</summary>
    public async Task<IMessageStore> OpenAsync()
    {
        var address = await ConnectionStringAsync();
        var services = new ServiceCollection();
        services.AddReliability(reliability => reliability.UsePostgreSql(address));
        return services.BuildServiceProvider().GetRequiredService<IMessageStore>();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
        {
            await ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
        }
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await PostgreSqlServer.SharedAddressAsync() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
