using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Shop.Warehouse;

internal sealed class ReservationWorker : IDisposable
{
    private const string Reservations = "warehouse.reservations";

    private readonly WarehouseBus _bus;
    private readonly Shelves _shelves;
    private readonly IModel _channel;

    public ReservationWorker(WarehouseBus bus, Shelves shelves)
    {
        _bus = bus;
        _shelves = shelves;
        _channel = bus.OpenChannel();
    }

    public void Start()
    {
        _channel.QueueDeclare(Reservations, durable: false, exclusive: false, autoDelete: false);
        _channel.BasicQos(prefetchSize: 0, prefetchCount: 10, global: false);

        var consumer = new EventingBasicConsumer(_channel);
        consumer.Received += (_, delivery) =>
        {
            var request = JsonSerializer.Deserialize<ReserveStock>(delivery.Body.Span);
            if (request is not null)
                Reserve(request);
        };
        _channel.BasicConsume(queue: Reservations, autoAck: true, consumer: consumer);
    }

    public void Dispose() => _channel.Dispose();

    private void Reserve(ReserveStock request)
    {
        if (_shelves.TryTake(request.Article, request.Quantity, out var available))
            _bus.Publish(request.OrderId, new StockReserved(request.OrderId, request.Article, request.Quantity));
        else
            _bus.Publish(request.OrderId, new StockMissing(request.OrderId, request.Article, available));
    }
}
