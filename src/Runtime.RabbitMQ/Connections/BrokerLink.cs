using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Reliability;

/// <summary>
/// One connection that comes back: connects, waits until it is lost, connects again with growing pauses, for ever. The client's own recovery is off
/// (see <see cref="BrokerAddress.CreateFactory"/>); whoever uses the link opens its channels anew on each connection. Of several nodes it takes the first
/// that answers, and after a loss the one that follows.
/// </summary>
internal sealed class BrokerLink : IAsyncDisposable
{
    /// <summary>A connection that ends sooner than this counts as a failure to connect, or a broker that drops us at once would be asked without a pause.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private readonly NodeList _nodes;
    private readonly RabbitMqOptions _options;
    private readonly string _role;
    private readonly Func<IConnection, CancellationToken, Task> _prepare;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Complaints _complaints = new();
    private LinkState _state = LinkState.Connecting();
    private volatile string? _blocked;
    private Task _running = Task.CompletedTask;

    /// <param name="nodes">Where to.</param>
    /// <param name="options">The options.</param>
    /// <param name="role">What the connection is for, as logs and the broker's management name it.</param>
    /// <param name="prepare">Runs on each new connection before anyone else gets it. What it throws closes the connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public BrokerLink(
        IReadOnlyList<BrokerAddress> nodes, RabbitMqOptions options, string role, Func<IConnection, CancellationToken, Task> prepare, TimeProvider time, ILogger log) =>
        (_nodes, _options, _role, _prepare, _time, _log) = (new NodeList(nodes), options, role, prepare, time, log);

    /// <summary>The node of the last connection, or of the one to come.</summary>
    public BrokerAddress Address => _nodes.Current;

    /// <summary>Why the broker takes no messages now although the connection is up, such as a memory alarm; null where it does.</summary>
    public string? Blocked => _blocked;

    /// <summary>Why nothing can pass now, or null where it can.</summary>
    public string? Trouble => Volatile.Read(ref _state) switch
    {
        { Connection: not null } => _blocked is { } alarm ? $"{Address} blocks publishers: {alarm}" : null,
        { Reason: { } reason } => reason,
        _ => $"no connection to {Address} yet",
    };

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Waits while an attempt to connect runs whose end nobody knows yet: up, or down with a reason.</summary>
    public async ValueTask<LinkState> SettledAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state is not { Connection: null, Reason: null })
            {
                return state;
            }

            await state.Changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the link is up.</summary>
    public async Task<IConnection> UpAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if (state.Connection is { } connection)
            {
                return connection;
            }

            await state.Changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            IConnection? connection = null;
            var began = _time.GetTimestamp();
            string reason;
            try
            {
                connection = await ConnectAsync().ConfigureAwait(false);
                reason = await UseAsync(connection).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                reason = "";
            }
#pragma warning disable CA1031 // A supervisor outlives whatever connecting throws; it says why and goes on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _log.ConnectError(_role, error);
                reason = ConnectFailure.Explain(error, Address);
                began = _time.GetTimestamp();
            }

            _nodes.Skip();
            var closing = CloseAsync(connection);
            if (connection is { IsOpen: true })
            {
                await closing.ConfigureAwait(false);
            }

            if (!_stop.IsCancellationRequested)
            {
                await PauseAsync(reason, lasted: _time.GetElapsedTime(began)).ConfigureAwait(false);
            }
        }

        Move(LinkState.Down($"the transport to {Address} is closed"));
    }

    /// <summary>Asks the nodes, one after the other, until one answers.</summary>
    /// <exception cref="ConnectException">None does.</exception>
    private async Task<IConnection> ConnectAsync()
    {
        var refusals = new List<string>();
        foreach (var node in _nodes.InTurn())
        {
            var attempt = new ConnectAttempt(node, _options, _time, _log);
            if (await attempt.RunAsync($"{_options.ClientName} ({_role})", _stop.Token).ConfigureAwait(false) is { } connection)
            {
                return connection;
            }

            refusals.Add(attempt.Refusal!);
        }

        throw new ConnectException(string.Join("; ", refusals));
    }

    /// <summary>Offers the connection until it ends.</summary>
    /// <returns>Why it ended.</returns>
    private async Task<string> UseAsync(IConnection connection)
    {
        var ended = new TaskCompletionSource<ShutdownEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, closed) =>
        {
            ended.TrySetResult(closed);
            return Task.CompletedTask;
        };
        connection.ConnectionBlockedAsync += (_, blocked) =>
        {
            _blocked = blocked.Reason;
            _log.Blocked(Address, blocked.Reason);
            return Task.CompletedTask;
        };
        connection.ConnectionUnblockedAsync += (_, _) =>
        {
            _blocked = null;
            _log.Unblocked(Address);
            return Task.CompletedTask;
        };
        if (connection.CloseReason is { } already)
        {
            return ConnectFailure.Explain(already, Address);
        }

        await _prepare(connection, _stop.Token).ConfigureAwait(false);
        _log.Connected(_role, Address);
        Move(LinkState.Up(connection));
        var reason = await ended.Task.WaitAsync(_stop.Token).ConfigureAwait(false);
        Move(LinkState.Connecting());
        _blocked = null;
        return ConnectFailure.Explain(reason, Address);
    }

    /// <summary>A connection that lasted is replaced at once, without calling the link down; everything else waits.</summary>
    private async Task PauseAsync(string reason, TimeSpan lasted)
    {
        if (lasted >= Settled)
        {
            _complaints.Clear();
            _log.ConnectionLost(_role, reason);
            return;
        }

        Move(LinkState.Down(reason));
        var worthALine = _complaints.Add(reason);
        var pause = Backoff.Pause(_options.FirstReconnectPause, _options.LongestReconnectPause, _complaints.Failures);
        if (worthALine)
        {
            _log.NotConnected(_role, reason, pause);
        }

        await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Move(LinkState next) => Interlocked.Exchange(ref _state, next).Leave();

    private async Task CloseAsync(IConnection? connection)
    {
        if (connection is null)
        {
            return;
        }

        // Apart from the supervisor: what is left of a lost connection must not hold up the next.
        await Task.Yield();
        try
        {
            // The client's own time limit does not hold where the broker stands still: its goodbye waits until the heartbeat gives up.
            await connection.AbortAsync(CloseTimeout).WaitAsync(CloseTimeout).ConfigureAwait(false);
            await connection.DisposeAsync().AsTask().WaitAsync(CloseTimeout).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It is being thrown away; what closing throws changes nothing.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _log.CloseError(_role, error);
        }
    }
}
