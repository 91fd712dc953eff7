using System.Text.Json;
using Confluent.Kafka;

namespace Shop.Shipping;

internal sealed class ShipmentPublisher(ShippingSettings settings) : IDisposable
{
    private readonly IProducer<string, byte[]> _producer = new ProducerBuilder<string, byte[]>(settings.Producer()).Build();

    public async Task ShippedAsync(ParcelShipped parcel, CancellationToken cancellationToken)
    {
        var message = new Message<string, byte[]>
        {
            Key = parcel.OrderId.ToString("N"),
            Value = JsonSerializer.SerializeToUtf8Bytes(parcel),
        };
        var result = await _producer.ProduceAsync(ShippingSettings.Shipped, message, cancellationToken);
        Console.WriteLine($"{parcel.OrderId} is on its way ({result.TopicPartitionOffset})");
    }

    public void Dispose()
    {
        if (_producer.Flush(TimeSpan.FromSeconds(10)) is > 0 and var left)
            Console.Error.WriteLine($"{left} parcels were not reported");
        _producer.Dispose();
    }
}
