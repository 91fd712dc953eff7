namespace Reliability.Tests.Services;

/// <summary>
/// A PostgreSQL server: its own process, port and data. Tests that only need a database share one (<see cref="SharedAddressAsync"/>); a test that kills
/// the server, or looks at all of it, starts its own.
/// </summary>
public sealed class PostgreSqlServer : TestServer
{
    private static readonly Lazy<Task<string>> Shared = new(StartSharedAsync);

    // The server lives as long as its standard input is open, and the collector would close that with a server that nobody holds.
    private static PostgreSqlServer? _sharedServer;

    private PostgreSqlServer() : base("postgres")
    {
    }

    /// <summary>The connection string of the database <c>reliability</c> as its superuser of that name, who has no password; the same after a restart.</summary>
    public string ConnectionString => Address;

    /// <summary>Starts a server with an empty database; returns once it takes connections (about 3 s).</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or the server did not start; the message says which.</exception>
    public static async Task<PostgreSqlServer> StartAsync(CancellationToken cancellationToken = default)
    {
        var server = new PostgreSqlServer();
        try
        {
            await server.StartServerAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// The connection string of the server that all tests of this process share: the one that RELIABILITY_POSTGRES names (as under
    /// <c>eng/services.sh</c>), else one started at the first call, which ends with the process. Tests make databases or schemas of their own in it.
    /// </summary>
    public static Task<string> SharedAddressAsync() => Shared.Value;

    private static async Task<string> StartSharedAsync()
    {
        if (Environment.GetEnvironmentVariable("RELIABILITY_POSTGRES") is { Length: > 0 } given)
            return given;

        _sharedServer = await StartAsync().ConfigureAwait(false);
        return _sharedServer.ConnectionString;
    }
}
