using System.Globalization;
using System.Text;

namespace Reliability.Conformance;

/// <summary>How publishes end.</summary>
public abstract class TransportPublishingConformance(ITransportPlace place) : TransportConformance(place)
{
    [Fact]
    public async Task A_publish_is_confirmed()
    {
        await PublishAsync(Message("warm"));

        var outcome = await TryPublishAsync(Message("one"));

        Assert.Equal(PublishOutcome.Confirmed, outcome);
    }

    [Fact]
    public async Task Two_thousand_concurrent_publishes_all_arrive()
    {
        await PublishAsync(Message("warm"));
        var outcomes = await Task.WhenAll(Numbered(2000).Select(id => TryPublishAsync(Message(id))));
        Assert.All(outcomes, outcome => Assert.Equal(PublishOutcome.Confirmed, outcome));

        await using var subscription = await SubscribeAsync(prefetch: 500);
        var arrived = new List<string>();
        while (arrived.Count < 2001)
        {
            var delivery = await ReceiveAsync(subscription);
            arrived.Add(delivery.Envelope.MessageId);
            await SettleAsync(subscription, delivery);
        }

        Assert.Equal([.. Numbered(2000), "warm"], arrived.ToHashSet());
    }

    [Fact]
    public async Task Concurrent_publishes_keep_the_order_of_their_calls()
    {
        await PublishAsync(Message("m0"));
        await Task.WhenAll(Numbered(300).Skip(1).Select(id => TryPublishAsync(Message(id))));

        await using var subscription = await SubscribeAsync(prefetch: 400);

        Assert.Equal(Numbered(300), Ids(await ReceiveAsync(subscription, 300)));
    }

    [Fact]
    public async Task Publishes_from_many_threads_all_arrive()
    {
        await PublishAsync(Message("warm"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var number = 0; number < 50; number++)
                Assert.Equal(PublishOutcome.Confirmed, await TryPublishAsync(Message($"{thread}-{number}")));
        })));

        await using var subscription = await SubscribeAsync();
        await ReceiveAllAsync(subscription, from thread in Enumerable.Range(0, 8) from number in Enumerable.Range(0, 50) select $"{thread}-{number}");
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_and_says_both_sizes()
    {
        var outcome = await TryPublishAsync(new Envelope { MessageId = "huge", Body = new byte[Transport.MaxBodyBytes + 1] });

        Assert.Equal(PublishStatus.Refused, outcome.Status);
        Assert.Contains((Transport.MaxBodyBytes + 1).ToString("N0", CultureInfo.InvariantCulture), outcome.Reason);
        Assert.Contains(Transport.MaxBodyBytes.ToString("N0", CultureInfo.InvariantCulture), outcome.Reason);
        Assert.Contains("MaxBodyBytes", outcome.Reason);
    }

    [Fact]
    public async Task A_refused_body_harms_nobody_else()
    {
        var outcomes = await Task.WhenAll(Numbered(100).Select(id =>
            TryPublishAsync(id == "m50" ? new Envelope { MessageId = id, Body = new byte[Transport.MaxBodyBytes + 1] } : Message(id))));

        Assert.Equal([PublishStatus.Refused], outcomes.Where(outcome => outcome.Status != PublishStatus.Confirmed).Select(outcome => outcome.Status));
        await using var subscription = await SubscribeAsync();
        Assert.Equal(Numbered(100).Where(id => id != "m50"), Ids(await ReceiveAsync(subscription, 99)));
    }

    [Fact]
    public async Task The_same_id_twice_arrives_twice()
    {
        await PublishAsync(Message("twin", "1"));
        await PublishAsync(Message("twin", "2"));

        await using var subscription = await SubscribeAsync();
        var bodies = (await ReceiveAsync(subscription, 2)).Select(delivery => Encoding.UTF8.GetString(delivery.Envelope.Body.Span));

        // Removing duplicates is the inbox's task; a transport that did it would lose messages of careless senders.
        Assert.Equal(["1", "2"], bodies);
    }

    [Fact]
    public async Task Giving_up_on_a_publish_harms_nobody_else()
    {
        await PublishAsync(Message("warm"));
        using var givenUp = new CancellationTokenSource();
        var publishes = Numbered(500).ConvertAll(id => (
            Id: id,
            Outcome: Transport.PublishAsync(new OutgoingMessage(Source, Message(id)), id.EndsWith('3') ? givenUp.Token : Cancellation)));
        await givenUp.CancelAsync();

        foreach (var (id, outcome) in publishes)
        {
            if (id.EndsWith('3'))
                await outcome.ContinueWith(_ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
            else
                Assert.Equal(PublishOutcome.Confirmed, await outcome);
        }

        Assert.Equal(PublishOutcome.Confirmed, await TryPublishAsync(Message("after")));
        await using var subscription = await SubscribeAsync(prefetch: 600);
        await ReceiveAllAsync(subscription, [.. Numbered(500).Where(id => !id.EndsWith('3')), "after"]);
    }

    [Fact]
    public async Task What_one_process_publishes_another_receives()
    {
        var other = await StartAsync(Source);
        await using var subscription = await SubscribeAsync(transport: other);

        await PublishAsync(20);

        Assert.Equal(Numbered(20), Ids(await ReceiveAsync(subscription, 20)));
    }

    [Fact]
    public async Task After_disposing_a_publish_is_unavailable_and_does_not_throw()
    {
        var closed = await StartAsync(Source);
        await closed.DisposeAsync();

        var outcome = await closed.PublishAsync(new OutgoingMessage(Source, Message("late")), Cancellation);

        Assert.Equal(PublishStatus.Unavailable, outcome.Status);
        await closed.DisposeAsync();
    }
}
