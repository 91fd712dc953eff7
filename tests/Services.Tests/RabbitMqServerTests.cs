using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Reliability.Tests.Services;

namespace Reliability.Tests;

public sealed class RabbitMqServerTests
{
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_node_comes_back_on_its_port_with_the_messages_it_confirmed()
    {
        await using var server = await RabbitMqServer.StartAsync(Cancellation);
        var uri = server.Uri;
        await using (var connection = await ConnectAsync(uri))
        {
            await using var channel = await connection.CreateChannelAsync(Confirmed, Cancellation);
            await channel.QueueDeclareAsync("orders", durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
            await channel.BasicPublishAsync("", "orders", mandatory: true, new BasicProperties { Persistent = true }, "kept"u8.ToArray(), Cancellation);

            await server.KillAsync(Cancellation);
            await Assert.ThrowsAsync<BrokerUnreachableException>(() => ConnectAsync(uri));
        }

        await server.RestartAsync(Cancellation);

        Assert.Equal(uri, server.Uri);
        await using var again = await ConnectAsync(uri);
        await using var reader = await again.CreateChannelAsync(cancellationToken: Cancellation);
        var message = await reader.BasicGetAsync("orders", autoAck: true, Cancellation);
        Assert.Equal("kept"u8, message!.Body.Span);
    }

    [Fact]
    public async Task A_user_reaches_its_own_virtual_host_and_no_other()
    {
        await using var server = await RabbitMqServer.StartAsync(Cancellation);

        var uri = await server.AddUserAsync("shop", "a/b c", "eu west", Cancellation);

        await using (await ConnectAsync(uri)) { }
        var refused = await Assert.ThrowsAnyAsync<OperationInterruptedException>(() => ConnectAsync(uri, virtualHost: "/"));
        Assert.Equal(530, refused.ShutdownReason!.ReplyCode);
    }

    [Fact]
    public async Task Two_nodes_run_side_by_side_and_leave_nothing_behind()
    {
        var servers = await Task.WhenAll(RabbitMqServer.StartAsync(Cancellation), RabbitMqServer.StartAsync(Cancellation));

        Assert.NotEqual(servers[0].Uri, servers[1].Uri);
        foreach (var server in servers)
        {
            await using (await ConnectAsync(server.Uri)) { }
            await server.DisposeAsync();
            Assert.False(Directory.Exists(server.Folder), $"{server.Folder} still exists");
            using var socket = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(async () => await socket.ConnectAsync(server.Uri.Host, server.Uri.Port, Cancellation));
        }
    }

    [Fact]
    public async Task A_paused_node_answers_nothing_until_it_is_resumed()
    {
        await using var server = await RabbitMqServer.StartAsync(Cancellation);
        await server.PauseAsync(Cancellation);

        // The kernel still takes the connection; the node behind it says nothing.
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Uri.Host, server.Uri.Port, Cancellation);
        await socket.GetStream().WriteAsync("AMQP\0\0\x09\x01"u8.ToArray(), Cancellation);
        var answered = socket.GetStream().ReadExactlyAsync(new byte[1], Cancellation).AsTask();
        await Assert.ThrowsAsync<TimeoutException>(() => answered.WaitAsync(TimeSpan.FromSeconds(0.5), Cancellation));

        await server.ResumeAsync(Cancellation);
        await answered.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Fact]
    public async Task Killing_a_node_that_does_not_run_says_how_to_bring_it_back()
    {
        await using var server = await RabbitMqServer.StartAsync(Cancellation);
        await server.KillAsync(Cancellation);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => server.KillAsync(Cancellation));

        Assert.Contains(nameof(RabbitMqServer.RestartAsync), error.Message, StringComparison.Ordinal);
    }

    private static async Task<IConnection> ConnectAsync(Uri uri, string? virtualHost = null)
    {
        var factory = new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false };
        factory.VirtualHost = virtualHost ?? factory.VirtualHost;
        var connection = await factory.CreateConnectionAsync(Cancellation);
        // This client does not wait for the answer to connection.open; the first channel tells whether the virtual host was allowed.
        await (await connection.CreateChannelAsync(cancellationToken: Cancellation)).DisposeAsync();
        return connection;
    }
}
