namespace Reliability.Conformance;

/// <summary>Deliveries, their order and number, and what settling, returning and stopping do.</summary>
public abstract class TransportReceivingConformance(ITransportPlace place) : TransportConformance(place)
{
    [Fact]
    public async Task Messages_wait_until_somebody_subscribes()
    {
        await PublishAsync(3);

        await using var subscription = await SubscribeAsync();

        Assert.Equal(Numbered(3), Ids(await ReceiveAsync(subscription, 3)));
    }

    [Fact]
    public async Task Deliveries_come_in_the_order_of_publishing()
    {
        await PublishAsync(300);

        await using var subscription = await SubscribeAsync(prefetch: 400);

        Assert.Equal(Numbered(300), Ids(await ReceiveAsync(subscription, 300)));
    }

    [Fact]
    public async Task Settling_makes_room_for_the_next()
    {
        await PublishAsync(30);
        await using var subscription = await SubscribeAsync(prefetch: 1);
        var ids = new List<string>();

        while (ids.Count < 30)
        {
            var delivery = await ReceiveAsync(subscription);
            ids.Add(delivery.Envelope.MessageId);
            await SettleAsync(subscription, delivery);
        }

        Assert.Equal(Numbered(30), ids);
    }

    [Fact]
    public async Task What_was_settled_does_not_come_again()
    {
        await PublishAsync(10);
        var subscription = await SubscribeAsync();
        await SettleAsync(subscription, [.. await ReceiveAsync(subscription, 10)]);
        await subscription.DisposeAsync();

        await PublishAsync(Message("after"));
        await using var reopened = await SubscribeAsync();

        Assert.Equal("after", (await ReceiveAsync(reopened)).Envelope.MessageId);
    }

    [Fact]
    public async Task Several_may_settle_at_once_in_any_order()
    {
        await PublishAsync(200);
        var subscription = await SubscribeAsync(prefetch: 200);
        var deliveries = await ReceiveAsync(subscription, 200);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => Task.Run(async () =>
        {
            foreach (var group in deliveries.Where((_, index) => index % 4 == lane && index != 150).Reverse().Chunk(7))
                await SettleAsync(subscription, group);
        })));
        await SettleAsync(subscription, deliveries[150]);
        await subscription.DisposeAsync();

        await PublishAsync(Message("after"));
        await using var reopened = await SubscribeAsync();
        Assert.Equal("after", (await ReceiveAsync(reopened)).Envelope.MessageId);
    }

    [Fact]
    public async Task What_was_not_settled_comes_again_under_its_id()
    {
        await PublishAsync(Message("kept", """{"a":1}""") with { Key = "k" });
        var subscription = await SubscribeAsync();
        var first = await ReceiveAsync(subscription);
        await subscription.DisposeAsync();

        await using var reopened = await SubscribeAsync();
        var again = await ReceiveAsync(reopened);

        Assert.Equal("kept", again.Envelope.MessageId);
        Assert.Equal("k", again.Envelope.Key);
        Assert.Equal(first.Envelope.Body.ToArray(), again.Envelope.Body.ToArray());
        Assert.Equal(Place.MarksFirst, first.Redelivered);
        Assert.Equal(Place.MarksRedelivered, again.Redelivered);
    }

    [Fact]
    public async Task Deliveries_that_nobody_read_come_again_too()
    {
        await PublishAsync(20);
        var subscription = await SubscribeAsync();
        await ReceiveAsync(subscription, 5);
        await subscription.DisposeAsync();

        await using var reopened = await SubscribeAsync();

        Assert.Equal(Numbered(20), Ids(await ReceiveAsync(reopened, 20)));
    }

    [Fact]
    public async Task Many_are_settled_by_one_call()
    {
        await PublishAsync(300);
        var subscription = await SubscribeAsync(prefetch: 300);
        await SettleAsync(subscription, [.. await ReceiveAsync(subscription, 300)]);
        await subscription.DisposeAsync();

        await PublishAsync(Message("after"));
        await using var reopened = await SubscribeAsync();

        Assert.Equal("after", (await ReceiveAsync(reopened)).Envelope.MessageId);
    }

    [Fact]
    public async Task Settling_later_ones_does_not_settle_earlier_ones()
    {
        await PublishAsync(6);
        var subscription = await SubscribeAsync();
        var deliveries = await ReceiveAsync(subscription, 6);
        await SettleAsync(subscription, deliveries[5], deliveries[3], deliveries[4]);
        await subscription.DisposeAsync();

        await using var reopened = await SubscribeAsync();

        Assert.Equal(["m0", "m1", "m2"], Ids(await ReceiveAsync(reopened, 3)));
    }

    [Fact]
    public async Task Settling_runs_beside_settling()
    {
        await PublishAsync(200);
        await using var subscription = await SubscribeAsync(prefetch: 200);
        var deliveries = await ReceiveAsync(subscription, 200);

        await Task.WhenAll(deliveries.Chunk(10).Select(chunk => Task.Run(() => SettleAsync(subscription, chunk).AsTask())));

        // The channel still works, and nothing of it comes again.
        await PublishAsync(Message("after"));
        Assert.Equal("after", (await ReceiveAsync(subscription)).Envelope.MessageId);
    }

    [Fact]
    public async Task Settling_twice_changes_nothing()
    {
        await PublishAsync(3);
        await using var subscription = await SubscribeAsync(prefetch: 3);
        var deliveries = await ReceiveAsync(subscription, 3);

        await SettleAsync(subscription, [.. deliveries]);
        await SettleAsync(subscription, deliveries[1]);
        await SettleAsync(subscription, [.. deliveries]);

        await PublishAsync(2, "after");
        Assert.Equal(Numbered(2, "after"), Ids(await ReceiveAsync(subscription, 2)));
    }

    [Fact]
    public async Task Settling_nothing_is_allowed()
    {
        await using var subscription = await SubscribeAsync();

        await SettleAsync(subscription);
        await subscription.ReturnAsync([], Cancellation);

        await PublishAsync(1);
        Assert.Equal("m0", (await ReceiveAsync(subscription)).Envelope.MessageId);
    }

    [Fact]
    public async Task What_was_returned_comes_again()
    {
        await PublishAsync(3);
        await using var subscription = await SubscribeAsync();
        var deliveries = await ReceiveAsync(subscription, 3);
        await SettleAsync(subscription, deliveries[0]);

        await subscription.ReturnAsync([deliveries[1], deliveries[2]], Cancellation);

        Assert.Equal(["m1", "m2"], Ids(await ReceiveAsync(subscription, 2)));
    }

    [Fact]
    public async Task What_was_returned_can_be_settled_when_it_comes_again()
    {
        await PublishAsync(1);
        var subscription = await SubscribeAsync();
        for (var round = 0; round < 5; round++)
            await subscription.ReturnAsync([await ReceiveAsync(subscription)], Cancellation);

        await SettleAsync(subscription, await ReceiveAsync(subscription));
        await subscription.DisposeAsync();

        await PublishAsync(Message("after"));
        await using var reopened = await SubscribeAsync();
        Assert.Equal("after", (await ReceiveAsync(reopened)).Envelope.MessageId);
    }

    [Fact]
    public async Task After_stopping_the_deliveries_end_when_the_buffered_ones_are_read()
    {
        await PublishAsync(5);
        var subscription = await SubscribeAsync();
        var first = await ReceiveAsync(subscription);
        await subscription.StopReceivingAsync(Cancellation);

        var read = new List<Delivery> { first };
        await foreach (var delivery in subscription.Deliveries.ReadAllAsync(Cancellation))
            read.Add(delivery);

        Assert.Equal(Numbered(read.Count), Ids(read));
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task What_is_in_hand_can_be_settled_after_stopping()
    {
        await PublishAsync(1);
        var subscription = await SubscribeAsync();
        var delivery = await ReceiveAsync(subscription);
        await subscription.StopReceivingAsync(Cancellation);
        await SettleAsync(subscription, delivery);
        await subscription.DisposeAsync();

        await PublishAsync(Message("after"));
        await using var reopened = await SubscribeAsync();
        Assert.Equal("after", (await ReceiveAsync(reopened)).Envelope.MessageId);
    }

    [Fact]
    public async Task What_is_in_hand_can_be_returned_after_stopping()
    {
        await PublishAsync(2);
        var subscription = await SubscribeAsync();
        var deliveries = await ReceiveAsync(subscription, 2);
        await subscription.StopReceivingAsync(Cancellation);
        await subscription.ReturnAsync(deliveries, Cancellation);
        await subscription.DisposeAsync();

        await using var reopened = await SubscribeAsync();
        Assert.Equal(Numbered(2), Ids(await ReceiveAsync(reopened, 2)));
    }

    [Fact]
    public async Task Stopping_and_disposing_again_changes_nothing()
    {
        var subscription = await SubscribeAsync();

        await subscription.StopReceivingAsync(Cancellation);
        await subscription.StopReceivingAsync(Cancellation);
        await subscription.DisposeAsync();

        await subscription.Deliveries.Completion.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task After_stopping_messages_go_to_others()
    {
        await using var stopped = await SubscribeAsync();
        await stopped.StopReceivingAsync(Cancellation);

        await PublishAsync(5);
        await using var other = await SubscribeAsync(transport: await StartAsync(Source));

        Assert.Equal(Numbered(5), Ids(await ReceiveAsync(other, 5)));
    }

    [Fact]
    public async Task Sources_do_not_mix()
    {
        var other = Place.NewSource();
        var transport = await StartAsync(Source, other);
        await PublishAsync(Message("here"), Source, transport);
        await PublishAsync(Message("there"), other, transport);

        await using var here = await SubscribeAsync(transport: transport);
        await using var there = await SubscribeAsync(transport: transport, source: other);

        Assert.Equal("here", (await ReceiveAsync(here)).Envelope.MessageId);
        Assert.Equal("there", (await ReceiveAsync(there)).Envelope.MessageId);
    }
}
