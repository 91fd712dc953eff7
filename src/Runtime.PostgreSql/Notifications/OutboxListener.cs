using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reliability.Connections;
using Reliability.Diagnostics;
using Reliability.Outbox;
using Reliability.Schema;

namespace Reliability.Notifications;

/// <summary>
/// Hears of new outbox rows on one connection, which it keeps. When the connection is lost it opens another, and then has everyone look once, since news
/// may have been missed.
/// </summary>
internal sealed class OutboxListener(Database database, TableNames names, ClaimedTransports claimed, ILogger log) : IAsyncDisposable
{
    // An idle connection may be cut without a word, by a firewall or a machine that is gone: only a question shows it.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Listening, bool> _listeners = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly object _lock = new();
    private Task _running = Task.CompletedTask;
    private bool _begun;

    public IDisposable Listen(Action<OutboxNews> wake)
    {
        var listening = new Listening(this, wake);
        lock (_lock)
        {
            database.RequireNotClosed();
            _listeners[listening] = true;
            if (!_begun)
            {
                _begun = true;
                _running = Task.Run(RunAsync);
            }
        }

        return listening;
    }

    public async ValueTask DisposeAsync()
    {
        // Without a timer or a wait handle the source holds nothing that would need disposing, and closing a store twice is harmless.
        _listeners.Clear();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        for (var failures = 0; !_stop.IsCancellationRequested;)
        {
            try
            {
                var connection = await database.ConnectAsync(_stop.Token).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    await ListenAsync(connection, again: failures > 0, heard: () => failures = 0).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it was, rows are found by time meanwhile; say so and listen again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                var pause = Backoff.Pause(FirstPause, LongestPause, ++failures);
                log.ListeningFailed(database.Address, pause, error);
                await Task.Delay(pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, bool again, Action heard)
    {
        connection.Notification += (_, notification) =>
        {
            if (OutboxStatements.ReadNews(notification.Payload) is { } news)
                Tell(news);
        };
        await connection.RunAsync(null, [new NpgsqlBatchCommand($"LISTEN {names.Channel}")], _stop.Token).ConfigureAwait(false);
        if (again)
        {
            foreach (var transport in claimed.All)
                Tell(new OutboxNews(transport, ""));
        }

        heard();
        while (true)
        {
            if (!await connection.WaitAsync(Quiet, _stop.Token).ConfigureAwait(false))
                await connection.RunAsync(null, [new NpgsqlBatchCommand("SELECT 1")], _stop.Token).ConfigureAwait(false);
        }
    }

    private void Tell(OutboxNews news)
    {
        foreach (var listening in _listeners.Keys)
            listening.Wake(news);
    }

    private sealed class Listening(OutboxListener listener, Action<OutboxNews> wake) : IDisposable
    {
        public void Wake(OutboxNews news) => wake(news);

        public void Dispose() => listener._listeners.TryRemove(this, out _);
    }
}
