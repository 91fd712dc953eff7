using RabbitMQ.Client;
using Shop.Orders;

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};

var settings = OrderSettings.FromEnvironment();
var factory = new ConnectionFactory { Uri = settings.Broker, ClientProvidedName = "orders" };
await using var connection = await factory.CreateConnectionAsync(stopping.Token);
await Topology.DeclareAsync(connection, stopping.Token);

var book = new OrderBook("orders");
await using var publisher = new OrderPublisher(connection);
var payments = new PaymentConsumer(connection, book, settings).RunAsync(stopping.Token);

var order = new OrderPlaced(Guid.CreateVersion7(), "Ada", [new OrderLine("teapot", 1, 24.90m), new OrderLine("cup", 4, 6.50m)]);
await book.AddAsync(order, stopping.Token);
await publisher.PlacedAsync(order, stopping.Token);
await payments;
