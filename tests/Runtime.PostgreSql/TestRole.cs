using System.Globalization;
using Npgsql;

namespace Reliability.Tests;

/// <summary>A role without rights, for as long as a test needs it.</summary>
internal sealed class TestRole(PostgreSqlPlace place, string name, string connectionString) : IAsyncDisposable
{
    public string Name => name;

    public string ConnectionString => connectionString;

    /// <summary>Creates a role, and runs statements in which {0} stands for its name.</summary>
    public static async Task<TestRole> CreateAsync(PostgreSqlPlace place, string settings = "")
    {
        var name = "role_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        await place.ExecuteAsync($"CREATE ROLE {name} LOGIN; {settings.Replace("{0}", name, StringComparison.Ordinal)}");
        return new TestRole(place, name, new NpgsqlConnectionStringBuilder(await place.ConnectionStringAsync()) { Username = name, Pooling = false }.ConnectionString);
    }

    public async ValueTask DisposeAsync() => await place.ExecuteAsync($"DROP OWNED BY {name} CASCADE; DROP ROLE {name}");
}
