namespace Reliability.Tests.Services;

/// <summary>
/// A RabbitMQ node: its own process, port, data and Erlang cookie. Tests that only need a broker share one (<see cref="SharedUriAsync"/>);
/// a test that kills the broker, or looks at all of it, starts its own.
/// </summary>
public sealed class RabbitMqServer : TestServer
{
    private static readonly Lazy<Task<Uri>> Shared = new(StartSharedAsync);

    // The node lives as long as its standard input is open, and the collector would close that with a server that nobody holds.
    private static RabbitMqServer? _sharedServer;

    private readonly RabbitMqServer? _first;

    private RabbitMqServer(RabbitMqServer? first = null) : base("rabbitmq") => _first = first;

    /// <summary>Where the node listens, as its administrator on the virtual host "/".</summary>
    public Uri Uri => new(Address);

    /// <inheritdoc/>
    protected override IEnumerable<string> StartArguments => _first is null ? [] : [_first.Folder];

    /// <summary>Starts a node with nothing in it; returns once it takes connections (about 3 s).</summary>
    /// <exception cref="InvalidOperationException">RabbitMQ is not installed, or the node did not start; the message says which.</exception>
    public static Task<RabbitMqServer> StartAsync(CancellationToken cancellationToken = default) => StartAsync(null, cancellationToken);

    /// <summary>Starts a further node of this one's cluster (about 10 s). Any node may be killed but this one: the others find each other by it.</summary>
    /// <exception cref="InvalidOperationException">The node did not start or join; the message says which.</exception>
    public Task<RabbitMqServer> StartFurtherNodeAsync(CancellationToken cancellationToken = default) => StartAsync(this, cancellationToken);

    /// <summary>Adds lines to the node's <c>rabbitmq.conf</c> and starts it again.</summary>
    public async Task ConfigureAsync(IEnumerable<string> lines, CancellationToken cancellationToken = default)
    {
        await File.AppendAllLinesAsync(Path.Combine(Folder, "rabbitmq.conf"), lines, cancellationToken).ConfigureAwait(false);
        await RestartAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<RabbitMqServer> StartAsync(RabbitMqServer? first, CancellationToken cancellationToken)
    {
        var server = new RabbitMqServer(first);
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
    /// The broker that all tests of this process share: the one that RELIABILITY_RABBITMQ names (as under <c>eng/services.sh</c>), else
    /// a node started at the first call, which ends with the process. Tests give their queues names of their own.
    /// </summary>
    public static Task<Uri> SharedUriAsync() => Shared.Value;

    /// <summary>Creates a user with all permissions on a virtual host, which is created first if it does not exist.</summary>
    /// <returns>The address of that virtual host as that user.</returns>
    public async Task<Uri> AddUserAsync(string user, string password, string virtualHost, CancellationToken cancellationToken = default)
    {
        await ControlAsync(["add_user", user, password], cancellationToken).ConfigureAwait(false);
        if (!(await ControlAsync(["list_vhosts", "name", "--silent"], cancellationToken).ConfigureAwait(false)).Split('\n').Contains(virtualHost))
            await ControlAsync(["add_vhost", virtualHost], cancellationToken).ConfigureAwait(false);
        await ControlAsync(["set_permissions", "-p", virtualHost, user, ".*", ".*", ".*"], cancellationToken).ConfigureAwait(false);
        return new Uri($"amqp://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@{Uri.Authority}/{Uri.EscapeDataString(virtualHost)}");
    }

    /// <summary>Runs <c>rabbitmqctl</c> against this node and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public Task<string> ControlAsync(IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        RunScriptAsync(["rabbitmqctl", Folder, .. arguments], cancellationToken);

    private static async Task<Uri> StartSharedAsync()
    {
        if (Environment.GetEnvironmentVariable("RELIABILITY_RABBITMQ") is { Length: > 0 } given)
            return new Uri(given);

        _sharedServer = await StartAsync().ConfigureAwait(false);
        return _sharedServer.Uri;
    }
}
