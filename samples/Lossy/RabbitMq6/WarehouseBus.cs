using System.Text.Json;
using RabbitMQ.Client;

namespace Shop.Warehouse;

/// <summary>The connection of the warehouse, its exchange and its queues.</summary>
internal sealed class WarehouseBus : IDisposable
{
    private const string Exchange = "warehouse";
    private const string Events = "warehouse.events";
    private const bool Durable = false;

    private readonly IConnection _connection;
    private readonly IModel _channel;

    public WarehouseBus(string host)
    {
        var factory = new ConnectionFactory { HostName = host, ClientProvidedName = "warehouse" };
        _connection = factory.CreateConnection();
        _channel = _connection.CreateModel();
        _channel.BasicReturn += (_, returned) => Console.Error.WriteLine($"No queue took {returned.RoutingKey}: {returned.ReplyText}");
        _channel.ExchangeDeclare(Exchange, ExchangeType.Direct, Durable);
        _channel.QueueDeclare(Events, Durable, exclusive: false, autoDelete: false, arguments: null);
        _channel.QueueBind(Events, Exchange, Events, arguments: null);
    }

    public IModel OpenChannel() => _connection.CreateModel();

    public void Publish<T>(Guid orderId, T message)
    {
        var properties = _channel.CreateBasicProperties();
        properties.MessageId = orderId.ToString();
        properties.Type = typeof(T).Name;
        properties.ContentType = "application/json";
        _channel.BasicPublish(Exchange, Events, mandatory: true, properties, JsonSerializer.SerializeToUtf8Bytes(message));
    }

    public void Dispose()
    {
        _channel.Dispose();
        _connection.Dispose();
    }
}
