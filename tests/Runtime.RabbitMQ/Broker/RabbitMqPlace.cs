using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using Reliability.Conformance;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>The RabbitMQ node that the tests of this process share, reached through a proxy that can be cut; removes the queues it named.</summary>
internal sealed class RabbitMqPlace(RabbitMqQueueType queueType) : IRoutedTransportPlace, ICuttableTransportPlace
{
    private readonly List<string> _sources = [];
    private BrokerProxy? _proxy;

    public bool MarksRedelivered => true;

    public string RouteToNowhere { get; } = $"nowhere-{Guid.NewGuid():N}";

    public LogLines Log { get; } = new();

    public async ValueTask<ITransport> OpenAsync(int maxBodyBytes)
    {
        _proxy ??= new BrokerProxy(await RabbitMqServer.SharedUriAsync());
        return new RabbitMqTransport(
            Options.Create(new RabbitMqOptions { Uri = _proxy.Uri.OriginalString, QueueType = queueType, MaxBodyBytes = maxBodyBytes, FirstReconnectPause = TimeSpan.FromMilliseconds(20) }),
            TimeProvider.System,
            Log);
    }

    public string NewSource()
    {
        var source = $"{queueType.ToString().ToLowerInvariant()}-{Guid.NewGuid():N}";
        _sources.Add(source);
        return source;
    }

    public ValueTask CutConnectionsAsync()
    {
        _proxy?.Cut();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();

        await using var broker = await RawBroker.OpenAsync(await RabbitMqServer.SharedUriAsync());
        foreach (var source in _sources)
        {
            await broker.Channel.QueueDeleteAsync(source);
            await broker.Channel.QueueDeleteAsync(source + QueueArguments.DeadSuffix);
        }
    }
}

/// <summary>The client itself, to do to the broker what strangers and operators do.</summary>
internal sealed class RawBroker(IConnection connection, IChannel channel) : IAsyncDisposable
{
    public IChannel Channel { get; } = channel;

    public static async Task<RawBroker> OpenAsync(Uri uri)
    {
        var connection = await new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
        return new RawBroker(connection, await connection.CreateChannelAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
