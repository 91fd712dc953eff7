using Reliability.Tests.Services;

namespace Shop.Demo;

/// <summary>The servers that a run starts for itself where it is told <c>auto</c>: it kills and restarts them, and ends them with itself.</summary>
public sealed class DemoServers : IAsyncDisposable
{
    /// <summary>The address that stands for a server of the run's own.</summary>
    public const string Auto = "auto";

    private readonly List<TestServer> _servers = [];

    private DemoServers(ShopSettings settings) => Settings = settings;

    /// <summary>The run's settings, with the servers' real addresses.</summary>
    public ShopSettings Settings { get; private set; }

    /// <summary>The kills of the broker; null where it is not the run's own.</summary>
    public ServerKills? Broker { get; private set; }

    /// <summary>The kills of the database server; null where it is not the run's own.</summary>
    public ServerKills? Database { get; private set; }

    /// <summary>Starts what the settings name <see cref="Auto"/>.</summary>
    /// <param name="settings">What the run was asked for.</param>
    /// <param name="kills">How often each server is killed.</param>
    /// <param name="cancellationToken">Ends what was started.</param>
    public static async Task<DemoServers> StartAsync(ShopSettings settings, int kills, CancellationToken cancellationToken)
    {
        var servers = new DemoServers(settings);
        try
        {
            if (settings.Postgres == Auto)
            {
                var postgres = servers.Add(await PostgreSqlServer.StartAsync(cancellationToken));
                servers.Settings = servers.Settings with { Postgres = postgres.ConnectionString };
                servers.Database = new ServerKills(postgres, servers.Plan(kills));
            }

            if (settings.Broker == Auto)
            {
                var rabbit = servers.Add(await RabbitMqServer.StartAsync(cancellationToken));
                servers.Settings = servers.Settings with { Broker = $"{rabbit.Uri}" };
                servers.Broker = new ServerKills(rabbit, servers.Plan(kills));
            }

            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>How often any of them was killed.</summary>
    public int Killed => Kills.Sum(kills => kills.Count);

    /// <summary>Begins the kills that are due. True where a server is just being killed.</summary>
    public async Task<bool> KillDueAsync(long steps, CancellationToken cancellationToken)
    {
        var begun = false;
        foreach (var kills in Kills)
        {
            begun |= await kills.BeginDueAsync(steps, cancellationToken);
        }

        return begun;
    }

    /// <summary>Whether all of them answer.</summary>
    public bool AllRun => Kills.All(kills => !kills.IsAway);

    /// <summary>Returns once all of them answer again.</summary>
    public Task UntilAllRunAsync() => Task.WhenAll(Kills.Select(kills => kills.UntilBackAsync()));

    /// <summary>Ends them; their data goes with them.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private IEnumerable<ServerKills> Kills => new[] { Database, Broker }.OfType<ServerKills>();

    // Other moments than the worker's, and than those of the other server.
    private KillPlan Plan(int kills) => new(kills, Settings.Steps, Settings.Seed + _servers.Count);

    private T Add<T>(T server) where T : TestServer
    {
        _servers.Add(server);
        return server;
    }
}
