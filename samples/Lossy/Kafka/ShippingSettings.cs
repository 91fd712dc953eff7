using Confluent.Kafka;

namespace Shop.Shipping;

internal sealed record ShippingSettings(string Servers, string Group = "shipping")
{
    public const string Ready = "parcels.ready";
    public const string Shipped = "parcels.shipped";

    public ProducerConfig Producer() => new()
    {
        BootstrapServers = Servers,
        ClientId = "shipping",
        LingerMs = 5,
        CompressionType = CompressionType.Lz4,
        Acks = Acks.Leader,
    };
}
