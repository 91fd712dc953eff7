using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests;

/// <summary>A database file in a scratch folder of its own.</summary>
public sealed class SqlitePlace : IStorePlace
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("reliability-sqlite-").FullName;

    public string File => Path.Combine(Folder, "store.db");

    public ValueTask<IMessageStore> OpenAsync(TimeProvider time) => ValueTask.FromResult(Open(time: time));

    public ValueTask<DbConnection> ConnectAsync() => ConnectAsync(File);

    public ValueTask<DbConnection> ConnectElsewhereAsync() => ConnectAsync(Path.Combine(Folder, "elsewhere.db"));

    /// <summary>The store as an application gets it. It has a container of its own, which holds nothing else that needs disposing.</summary>
    public IMessageStore Open(string? connectionStringOrPath = null, TimeProvider? time = null, Action<SqliteStoreOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddReliability(reliability => reliability.UseSqlite(connectionStringOrPath ?? File, configure));
        return services.BuildServiceProvider().GetRequiredService<IMessageStore>();
    }

    // Pooled, as an application's connections are unless it says otherwise.
    private static async ValueTask<DbConnection> ConnectAsync(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearPool(new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = File }.ConnectionString));
        Directory.Delete(Folder, recursive: true);
        return default;
    }
}
