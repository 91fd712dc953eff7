using System.Text.Json;
using Confluent.Kafka;

namespace Shop.Shipping;

internal sealed class ParcelConsumer(ShippingSettings settings, Carriers carriers, ShipmentPublisher publisher)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = settings.Servers,
            GroupId = settings.Group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            SessionTimeoutMs = 10_000,
        };
        using var consumer = new ConsumerBuilder<string, byte[]>(config).Build();
        consumer.Subscribe(ShippingSettings.Ready);

        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                var record = consumer.Consume(cancellationToken);
                var parcel = JsonSerializer.Deserialize<ParcelReady>(record.Message.Value);
                if (parcel is not null)
                    await ShipAsync(parcel, cancellationToken);
            }
        }
        finally
        {
            consumer.Close();
        }
    }

    private async Task ShipAsync(ParcelReady parcel, CancellationToken cancellationToken)
    {
        var (carrier, code) = await carriers.BookAsync(parcel, cancellationToken);
        await publisher.ShippedAsync(new ParcelShipped(parcel.OrderId, carrier, code), cancellationToken);
    }
}
