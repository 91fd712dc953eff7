namespace Reliability.Conformance;

/// <summary>Connections that are cut: nothing confirmed is lost, and nobody has to open anything again.</summary>
public abstract class TransportRecoveryConformance(ICuttableTransportPlace place) : TransportConformance(place)
{
    [Fact]
    public async Task Publishing_goes_on_after_a_cut()
    {
        await PublishAsync(Message("before"));
        await CutAsync();
        await PublishAsync(Message("after"));

        await using var subscription = await SubscribeAsync();
        await ReceiveAllAsync(subscription, ["before", "after"]);
    }

    [Fact]
    public async Task What_was_confirmed_around_cuts_arrives()
    {
        await PublishAsync(Message("warm"));
        var publishing = Task.WhenAll(Numbered(1000).Select(id => PublishAsync(Message(id))));
        await CutAsync();
        await CutAsync();
        await publishing;

        await using var subscription = await SubscribeAsync();
        await ReceiveAllAsync(subscription, Numbered(1000));
    }

    [Fact]
    public async Task Receiving_goes_on_after_a_cut()
    {
        await using var subscription = await SubscribeAsync();
        await PublishAsync(Message("before"));
        await SettleAsync(subscription, await ReceiveAsync(subscription));

        await CutAsync();
        await PublishAsync(Message("after"));

        await ReceiveAllAsync(subscription, ["after"]);
        Assert.False(subscription.Deliveries.Completion.IsCompleted);
    }

    [Fact]
    public async Task Stopping_works_after_a_cut()
    {
        var subscription = await SubscribeAsync();
        await PublishAsync(1);
        await ReceiveAsync(subscription);
        await CutAsync();

        await subscription.StopReceivingAsync(Cancellation);
        await foreach (var _ in subscription.Deliveries.ReadAllAsync(Cancellation)) { }
        await subscription.DisposeAsync();

        await using var reopened = await SubscribeAsync(transport: await StartAsync(Source));
        Assert.Equal("m0", (await ReceiveAsync(reopened)).Envelope.MessageId);
    }

    [Fact]
    public async Task Many_cuts_while_messages_flow_lose_nothing()
    {
        await PublishAsync(Message("warm"));
        await using var subscription = await SubscribeAsync(prefetch: 20);
        var receiving = ReceiveAllAsync(subscription, Numbered(400));
        var publishing = Task.Run(() => PublishAsync(400), Cancellation);

        for (var cut = 0; cut < 5; cut++)
        {
            await CutAsync();
            await PublishAsync(Message($"between-{cut}"));
        }

        await publishing;
        await receiving;
    }

    private ValueTask CutAsync() => place.CutConnectionsAsync();
}
