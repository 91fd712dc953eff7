namespace Reliability.Tests;

/// <summary>The prefetch follows the size of the bodies.</summary>
public sealed class PrefetchBytesTests : BrokerTest
{
    [Theory]
    [InlineData(RabbitMqQueueType.Classic)]
    [InlineData(RabbitMqQueueType.Quorum)]
    public async Task Large_bodies_stay_at_the_broker_and_small_ones_come_up_to_the_prefetch(RabbitMqQueueType queueType)
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.QueueType = queueType);
        await using var subscription = await transport.SubscribeAsync(new SubscriptionRequest(queue, 100) { PrefetchBytes = 1_000_000 }, Cancellation);
        for (var number = 0; number < 60; number++)
            await PublishLargeAsync(transport, queue, $"large{number}");
        await Task.WhenAll(Enumerable.Range(0, 400).Select(number => PublishAsync(transport, queue, $"small{number}")));
        var expected = Enumerable.Range(0, 60).Select(number => $"large{number}").Concat(Enumerable.Range(0, 400).Select(number => $"small{number}")).ToHashSet();
        var (held, most, mostLarge, received) = (new Queue<Delivery>(), 0, 0, new List<string>());

        while (received.Count < expected.Count)
        {
            // All that comes within a while is held; only then one is settled.
            while (await TryReadAsync(subscription) is { } delivery)
            {
                held.Enqueue(delivery);
                received.Add(delivery.Envelope.MessageId);
            }

            most = Math.Max(most, held.Count);
            mostLarge = Math.Max(mostLarge, held.Count(delivery => delivery.Envelope.Body.Length > 1000));
            if (held.TryDequeue(out var oldest))
                await subscription.SettleAsync([oldest], Cancellation);
        }

        Assert.Equal(expected.Count, received.Count);
        Assert.Equal(expected, received.ToHashSet());
        Assert.InRange(mostLarge, 5, 30);
        Assert.InRange(most, 90, 230);
    }

    private async Task PublishLargeAsync(ITransport transport, string queue, string id)
    {
        while ((await TryPublishAsync(transport, queue, new Envelope { MessageId = id, Body = new byte[100_000] })).Status != PublishStatus.Confirmed)
            await Task.Delay(20, Cancellation);
    }

    private async Task<Delivery?> TryReadAsync(ISubscription subscription)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMilliseconds(50));
        try
        {
            return await subscription.Deliveries.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
