using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests;

[Collection(RealKafka.Name)]
public sealed class RealKafkaTests(RealKafka kafka)
{
    private const int Count = 20_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_leader_killed_in_the_middle_of_sending_and_receiving_loses_nothing()
    {
        var cluster = kafka.Cluster;
        await cluster.CreateTopicAsync("orders", 3, maxMessageBytes: 1_048_588, Cancel);
        var log = new LogLines();
        var options = new KafkaOptions { BootstrapServers = cluster.BootstrapServers, GroupId = "billing" };
        await using var transport = new KafkaTransport(options, TimeProvider.System, log);
        await transport.StartAsync(new Topology(["orders"], ["orders"]), Cancel);
        await using var subscription = await transport.SubscribeAsync(new SubscriptionRequest("orders", 400), Cancel);
        var seen = new ConcurrentDictionary<string, int>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var receiving = ReceiveAsync(subscription, seen, enough.Token);

        var sending = SendAsync(transport);
        await Eventually.IsTrueAsync(() => seen.Count > Count / 10, "a tenth seen");
        var leader = cluster.LeaderOf("orders", 0);
        cluster.Kill(leader);
        Assert.True(seen.Count < Count, "The leader was killed too late to show anything");
        await sending;
        await Eventually.EqualAsync(Count, () => seen.Count, "messages seen");
        await cluster.RestartAsync(leader, Cancel);
        await enough.CancelAsync();
        await receiving;
    }

    [Fact]
    public async Task Well_made_topics_are_not_warned_of_and_others_are()
    {
        var cluster = kafka.Cluster;
        await cluster.CreateTopicAsync("well-made", 1, maxMessageBytes: 1_048_588, Cancel);
        await cluster.CreateTopicAsync("hasty", 1, maxMessageBytes: 1_048_588, Cancel, minInSync: 1);
        var log = new LogLines();
        await using var transport = new KafkaTransport(new KafkaOptions { BootstrapServers = cluster.BootstrapServers, GroupId = "billing" }, TimeProvider.System, log);

        await transport.StartAsync(new Topology(["well-made"], ["hasty"]), Cancel);

        await Eventually.IsTrueAsync(() => log.AtLeast(LogLevel.Warning).Any(line => line.StartsWith("Topic 'hasty' has min.insync.replicas 1", StringComparison.Ordinal)), "warned");
        Assert.DoesNotContain(log.AtLeast(LogLevel.Warning), line => line.Contains("well-made", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Required_topics_are_waited_for_looked_at_and_used()
    {
        var cluster = kafka.Cluster;
        await cluster.CreateTopicAsync("required", 1, maxMessageBytes: 1_048_588, Cancel);
        await cluster.CreateTopicAsync("required-hasty", 1, maxMessageBytes: 1_048_588, Cancel, minInSync: 1);
        var options = new KafkaOptions { BootstrapServers = cluster.BootstrapServers, GroupId = "billing", Topics = KafkaTopicCheck.Require };
        await using var transport = new KafkaTransport(options, TimeProvider.System, new LogLines());
        await using var other = new KafkaTransport(options, TimeProvider.System, new LogLines());

        await transport.StartAsync(new Topology(["required"], []), Cancel);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => other.StartAsync(new Topology(["required"], ["required-hasty"]), Cancel).AsTask());

        Assert.Equal(PublishOutcome.Confirmed, await transport.PublishAsync(new OutgoingMessage("required", new Envelope { MessageId = "1", Body = "{}"u8.ToArray() }), Cancel));
        Assert.Contains("Topic 'required-hasty' has min.insync.replicas 1", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("'required' ", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>As the relay sends: a window at a time, and what is not confirmed again under its id.</summary>
    private static async Task SendAsync(KafkaTransport transport)
    {
        foreach (var window in Enumerable.Range(0, Count).Chunk(500))
        {
            var left = window;
            while (left.Length > 0)
            {
                var outcomes = await Task.WhenAll(left.Select(async number => (number, Outcome: await transport.PublishAsync(
                    new OutgoingMessage("orders", new Envelope { MessageId = $"{number}", Key = $"customer {number % 50}", Body = "{}"u8.ToArray() }), Cancel))));
                left = [.. outcomes.Where(sent => sent.Outcome.Status != PublishStatus.Confirmed).Select(sent => sent.number)];
            }
        }
    }

    private static async Task ReceiveAsync(ISubscription subscription, ConcurrentDictionary<string, int> seen, CancellationToken until)
    {
        try
        {
            await foreach (var delivery in subscription.Deliveries.ReadAllAsync(until))
            {
                seen.AddOrUpdate(delivery.Envelope.MessageId, 1, (_, times) => times + 1);
                await subscription.SettleAsync([delivery], until);
            }
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // All have been seen.
        }
    }
}
