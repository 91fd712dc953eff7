namespace Reliability.Conformance;

/// <summary>
/// What only queues do: a delivery belongs to a session, and a cut gives it back to the queue. The positions of a log outlive connections, and what is in
/// hand stays in hand.
/// </summary>
public abstract class TransportSessionConformance(ICuttableTransportPlace place) : TransportConformance(place)
{
    [Fact]
    public async Task What_was_in_hand_at_a_cut_comes_again()
    {
        await PublishAsync(5);
        await using var subscription = await SubscribeAsync(prefetch: 2);
        await ReceiveAsync(subscription, 2);

        await CutAsync();

        await ReceiveAllAsync(subscription, Numbered(5));
    }

    [Fact]
    public async Task Settling_what_came_before_a_cut_is_passed_over()
    {
        await PublishAsync(10);
        await using var subscription = await SubscribeAsync(prefetch: 5);
        var stale = await ReceiveAsync(subscription, 5);
        await CutAsync();
        var fresh = await ReceiveAsync(subscription);

        // The same numbers mean other deliveries now: one of these acks on the new channel would settle what nobody has handled.
        await SettleAsync(subscription, [.. stale]);
        await subscription.ReturnAsync([.. stale], Cancellation);

        await SettleAsync(subscription, fresh);
        await ReceiveAllAsync(subscription, Numbered(10).Where(id => id != fresh.Envelope.MessageId));
    }

    private ValueTask CutAsync() => place.CutConnectionsAsync();
}
