using System.Data.Common;

namespace Reliability.Tests;

/// <summary>An empty database of one test's own, with a business table, and how applications use it.</summary>
internal abstract class TestPlace : IAsyncDisposable
{
    /// <summary>The business table, with a column <c>text</c> and a number that grows with each row, <c>number</c>.</summary>
    protected abstract string EffectsTable { get; }

    /// <summary>Chooses the store.</summary>
    public abstract void Use(ReliabilityBuilder reliability);

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes what applications need, before the first one starts.</summary>
    public virtual Task PrepareAsync() => ExecuteAsync(EffectsTable);

    public async Task<List<string>> EffectsAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT text FROM effects ORDER BY number";
        var effects = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            effects.Add(rows.GetString(0));
        }

        return effects;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    protected abstract Task<DbConnection> OpenAsync();
}
