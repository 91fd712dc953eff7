namespace Reliability;

/// <summary>
/// Where a message goes. Written <c>queue</c>, or <c>exchange/routing.key</c> (parted at the first slash); a leading slash means the default exchange,
/// for queues with a slash in their name: <c>/a/queue</c>.
/// </summary>
/// <param name="Exchange">The exchange; empty for the default one.</param>
/// <param name="RoutingKey">The routing key; on the default exchange the queue.</param>
internal readonly record struct RabbitMqRoute(string Exchange, string RoutingKey)
{
    /// <summary>True where the routing key is a queue's name.</summary>
    public bool IsQueue => Exchange.Length == 0;

    public static RabbitMqRoute Parse(string route)
    {
        var slash = route.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new("", route) : new(route[..slash], route[(slash + 1)..]);
    }

    public override string ToString() =>
        IsQueue ? $"queue '{RoutingKey}' (default exchange)" : $"exchange '{Exchange}' with routing key '{RoutingKey}'";
}
