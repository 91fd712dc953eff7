using Microsoft.Data.Sqlite;
using Reliability.Benchmarks.HandWritten;

namespace Reliability.Benchmarks.Business;

/// <summary>A fresh SQLite file.</summary>
internal sealed class RunFile : IRunDatabase
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reliability-benchmark-").FullName;

    private RunFile()
    {
    }

    private string Path => System.IO.Path.Combine(_folder, "run.db");

    public static async Task<RunFile> CreateAsync()
    {
        var file = new RunFile();
        await using var connection = await file.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA journal_mode = WAL; {BusinessTable.Create}";
        await command.ExecuteNonQueryAsync();
        return file;
    }

    /// <summary>A connection whose commits are as durable as the product's.</summary>
    public async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000";
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    public void Use(ReliabilityBuilder reliability) => reliability.UseSqlite(Path);

    public async Task<ILedger> CreateLedgerAsync() => await SqliteLedger.CreateAsync(OpenAsync);

    public async Task WaitUntilSentAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM reliability_outbox)";
        while ((long)(await command.ExecuteScalarAsync())! != 0)
            await Task.Delay(5);
    }

    public async Task CheckAsync(string contender, int messages)
    {
        await using var connection = await OpenAsync();
        await BusinessTable.CheckAsync(connection, contender, messages);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
