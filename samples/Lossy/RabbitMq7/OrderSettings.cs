namespace Shop.Orders;

internal sealed record OrderSettings
{
    public Uri Broker { get; init; } = new("amqp://guest:guest@localhost:5672/");

    public TimeSpan PaymentTimeout { get; init; } = TimeSpan.FromMinutes(30);

    public ushort Prefetch { get; init; } = 20;

    public static OrderSettings FromEnvironment() => new()
    {
        Broker = new Uri(Environment.GetEnvironmentVariable("ORDERS_BROKER") ?? "amqp://guest:guest@localhost:5672/"),
    };
}
