using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>
/// A schema of one test's own, for the application's tables, and the name of another for the store's, in the database that the tests share: made in
/// milliseconds, where a database of its own takes a copy of a template and a checkpoint.
/// </summary>
public sealed class PostgreSqlPlace(Action<PostgreSqlStoreOptions>? configure = null) : ISharedStorePlace
{
    // Tests that kill no server need not wait for its disk, which is most of what they would do.
    private static readonly Lazy<Task<string>> Server = new(async () =>
    {
        var server = await PostgreSqlServer.SharedAddressAsync();
        if (Environment.GetEnvironmentVariable("RELIABILITY_POSTGRES") is null or "")
        {
            await ExecuteAsync(server, "ALTER SYSTEM SET fsync = off");
            await ExecuteAsync(server, "SELECT pg_reload_conf()");
        }

        return server;
    });

    private readonly string _application = "app_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
    private readonly SemaphoreSlim _making = new(1, 1);
    private string? _connectionString;

    /// <summary>The store's schema.</summary>
    public string Schema { get; init; } = "store_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);

    /// <summary>The store's schema, quoted.</summary>
    public string Quoted => "\"" + Schema.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public async ValueTask<IMessageStore> OpenAsync(TimeProvider time)
    {
        await ConnectionStringAsync();
        return Open(options => options.Clock = time);
    }

    public async ValueTask<DbConnection> ConnectAsync() => await OpenAsync(await ConnectionStringAsync());

    public async ValueTask<DbConnection> ConnectElsewhereAsync() =>
        await OpenAsync(new NpgsqlConnectionStringBuilder(await ConnectionStringAsync()) { Database = "postgres" }.ConnectionString);

    /// <summary>The connection string; the application's schema is made at the first call.</summary>
    public async Task<string> ConnectionStringAsync()
    {
        await _making.WaitAsync();
        try
        {
            return _connectionString ??= await MakeAsync(await Server.Value);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>A store that is not started, by a string that was asked for before.</summary>
    public IMessageStore Open(Action<PostgreSqlStoreOptions>? further = null) => Open(_connectionString!, further);

    /// <summary>A store as an application gets it, with a container of its own.</summary>
    public IMessageStore Open(string connectionString, Action<PostgreSqlStoreOptions>? further = null)
    {
        var services = new ServiceCollection();
        services.AddReliability(reliability => reliability.UsePostgreSql(connectionString, options =>
        {
            options.Schema = Schema;
            configure?.Invoke(options);
            further?.Invoke(options);
        }));
        return services.BuildServiceProvider().GetRequiredService<IMessageStore>();
    }

    /// <summary>Runs SQL beside any store; {0} stands for the store's schema.</summary>
    public async Task<object?> ExecuteAsync(string sql) =>
        await ExecuteAsync(await ConnectionStringAsync(), sql.Replace("{0}", Quoted, StringComparison.Ordinal));

    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connectionString is not null)
            await ExecuteAsync($"DROP SCHEMA IF EXISTS {{0}} CASCADE; DROP SCHEMA {_application} CASCADE");

        _making.Dispose();
    }

    private async Task<string> MakeAsync(string server)
    {
        await ExecuteAsync(server, $"CREATE SCHEMA {_application}");
        return new NpgsqlConnectionStringBuilder(server) { SearchPath = _application }.ConnectionString;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
