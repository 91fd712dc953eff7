using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Reliability.Tests;

/// <summary>A TCP relay in front of a broker, so that a test can cut connections, or keep new ones out, without touching the broker.</summary>
internal sealed class BrokerProxy : IAsyncDisposable
{
    private readonly Uri _broker;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public BrokerProxy(Uri broker)
    {
        _broker = broker;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The broker's address by way of this proxy, user and virtual host as given.</summary>
    public Uri Uri => new UriBuilder(_broker) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;

    /// <summary>While true, new connections are closed as soon as they come.</summary>
    public bool Refuses { get; set; }

    /// <summary>Resets every connection, in both directions, without flushing anything.</summary>
    public void Cut()
    {
        foreach (var (client, broker) in _pairs)
        {
            Reset(client);
            Reset(broker);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (ObjectDisposedException)
        {
            // The relay was faster.
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _ = RelayAsync(client);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using (client)
        using (var broker = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            if (Refuses)
                return;

            client.NoDelay = broker.NoDelay = true;
            try
            {
                await broker.ConnectAsync(_broker.Host, _broker.Port);
                _pairs[client] = broker;
                await Task.WhenAny(CopyAsync(client, broker), CopyAsync(broker, client));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // No broker behind it: the client sees its connection closed.
            }
            finally
            {
                _pairs.TryRemove(client, out _);
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
            {
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut, or closed by one side: the other is closed with it.
        }
    }
}
