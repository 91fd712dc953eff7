using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RabbitMQ.Client;

namespace Shop.Orders;

internal sealed class OrderPublisher(IConnection connection) : IAsyncDisposable
{
    private IChannel? _channel;

    public Task PlacedAsync(OrderPlaced order, CancellationToken cancellationToken) =>
        PublishAsync(Topology.Placed, order.OrderId, order, OrderJson.Default.OrderPlaced, cancellationToken);

    public Task CancelledAsync(OrderCancelled order, CancellationToken cancellationToken) =>
        PublishAsync(Topology.Cancelled, order.OrderId, order, OrderJson.Default.OrderCancelled, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
    }

    private async Task PublishAsync<T>(string route, Guid orderId, T message, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        _channel ??= await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var properties = new BasicProperties
        {
            MessageId = orderId.ToString("N"),
            ContentType = "application/json",
            Timestamp = new AmqpTimestamp(DateTimeOffset.UtcNow.ToUnixTimeSeconds()),
        };
        var body = JsonSerializer.SerializeToUtf8Bytes(message, json);
        await _channel.BasicPublishAsync(Topology.Orders, route, mandatory: true, properties, body, cancellationToken);
    }
}
