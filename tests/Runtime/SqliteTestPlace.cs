using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Reliability.Tests;

/// <summary>A SQLite file in a scratch folder.</summary>
internal sealed class SqliteTestPlace : TestPlace
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reliability-").FullName;

    public string File => Path.Combine(_folder, "app.db");

    public Action<SqliteStoreOptions>? Configure { get; set; }

    protected override string EffectsTable => "CREATE TABLE IF NOT EXISTS effects(number INTEGER PRIMARY KEY, text TEXT NOT NULL)";

    public override void Use(ReliabilityBuilder reliability) => reliability.UseSqlite(File, Configure);

    public override ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override async Task<DbConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={File}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
