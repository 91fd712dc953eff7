namespace Reliability.Conformance;

/// <summary>What only queues can do: several subscriptions share one, message by message, and each message is settled by itself. Logs have positions.</summary>
public abstract class TransportQueueConformance(ITransportPlace place) : TransportConformance(place)
{
    [Fact]
    public async Task No_more_than_the_prefetch_is_unsettled_at_once()
    {
        await PublishAsync(20);
        await using var first = await SubscribeAsync(prefetch: 5);
        var held = await ReceiveAsync(first, 5);

        await using var second = await SubscribeAsync(prefetch: 100, transport: await StartAsync(Source));
        var rest = await ReceiveAsync(second, 15);

        Assert.Equal(Numbered(20), [.. Ids(held), .. Ids(rest)]);
        Assert.False(first.Deliveries.TryRead(out _));
    }

    [Fact]
    public async Task Deliveries_can_be_settled_in_any_order()
    {
        await PublishAsync(9);
        var subscription = await SubscribeAsync();
        var deliveries = await ReceiveAsync(subscription, 9);
        await SettleAsync(subscription, deliveries[8]);
        await SettleAsync(subscription, deliveries[1], deliveries[0], deliveries[4]);
        await SettleAsync(subscription, deliveries[2]);
        await subscription.DisposeAsync();

        await using var reopened = await SubscribeAsync();

        Assert.Equal(["m3", "m5", "m6", "m7"], Ids(await ReceiveAsync(reopened, 4)));
    }

    [Fact]
    public async Task Two_subscriptions_share_a_source()
    {
        await using var first = await SubscribeAsync(prefetch: 10);
        await using var second = await SubscribeAsync(prefetch: 10, transport: await StartAsync(Source));
        await PublishAsync(20);

        var ids = Ids(await ReceiveAsync(first, 10)).Concat(Ids(await ReceiveAsync(second, 10)));

        Assert.Equal(Numbered(20).Order(), ids.Order());
    }
}
