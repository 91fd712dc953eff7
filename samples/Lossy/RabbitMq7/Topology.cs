using RabbitMQ.Client;

namespace Shop.Orders;

internal static class Topology
{
    public const string Orders = "orders";
    public const string Placed = "orders.placed";
    public const string Payments = "orders.payments";
    public const string Cancelled = "orders.cancelled";

    public static async Task DeclareAsync(IConnection connection, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(Orders, ExchangeType.Topic, cancellationToken: cancellationToken);

        foreach (var queue in new[] { Placed, Payments, Cancelled })
        {
            await channel.QueueDeclareAsync(queue, durable: false, exclusive: false, autoDelete: false, cancellationToken: cancellationToken);
            await channel.QueueBindAsync(queue, Orders, routingKey: queue, cancellationToken: cancellationToken);
        }
    }
}
