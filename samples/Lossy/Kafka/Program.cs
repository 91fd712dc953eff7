using Shop.Shipping;

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};

var settings = new ShippingSettings(Environment.GetEnvironmentVariable("SHIPPING_KAFKA") ?? "localhost:9092");
using var publisher = new ShipmentPublisher(settings);
await new ParcelConsumer(settings, new Carriers(TimeProvider.System), publisher).RunAsync(stopping.Token);
