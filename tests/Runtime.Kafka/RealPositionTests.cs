using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>What positions rest on, asked of real brokers: ids of topics, and epochs that stay with their records.</summary>
[Collection(RealKafka.Name)]
public sealed class RealPositionTests(RealKafka kafka)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_record_has_the_same_position_after_its_leader_was_killed()
    {
        var cluster = kafka.Cluster;
        await cluster.CreateTopicAsync("moved", 1, maxMessageBytes: 1_048_588, Cancel);
        await using var transport = await StartAsync(cluster);
        await SendAsync(transport, "moved", ["0", "1", "2"]);
        var before = await ReadAsync(transport, "moved", 3);

        var leader = cluster.LeaderOf("moved", 0);
        cluster.Kill(leader);
        await SendAsync(transport, "moved", ["3", "4"]);
        var after = await ReadAsync(transport, "moved", 5);
        await cluster.RestartAsync(leader, Cancel);

        Assert.Equal(before, after.Take(3));
        Assert.True(after[3].Epoch > after[2].Epoch, $"Another leader wrote the fourth record, so its epoch, {after[3].Epoch}, is above {after[2].Epoch}.");
        Assert.True(after[3].IsNotCoveredBy(before[2]) && after[3].IsLaterThan(before[2]), "What comes after is new");
    }

    [Fact]
    public async Task A_topic_made_anew_gives_its_records_other_positions()
    {
        var cluster = kafka.Cluster;
        await cluster.CreateTopicAsync("made-anew", 1, maxMessageBytes: 1_048_588, Cancel);
        await using var transport = await StartAsync(cluster);
        await SendAsync(transport, "made-anew", ["0", "1"]);
        var before = await ReadAsync(transport, "made-anew", 2);

        await cluster.DeleteTopicAsync("made-anew", Cancel);
        await cluster.CreateTopicAsync("made-anew", 1, maxMessageBytes: 1_048_588, Cancel);
        await SendAsync(transport, "made-anew", ["0", "1"]);
        var after = await ReadAsync(transport, "made-anew", 2);

        Assert.Equal(before.Select(position => position.Offset), after.Select(position => position.Offset));
        Assert.DoesNotContain(after[0].Part, before.Select(position => position.Part));
    }

    [Fact]
    public async Task A_topic_made_anew_while_it_is_read_is_read_from_its_beginning()
    {
        var cluster = kafka.Cluster;
        await cluster.CreateTopicAsync("live", 1, maxMessageBytes: 1_048_588, Cancel);
        await using var transport = await StartAsync(cluster);
        await SendAsync(transport, "live", ["0", "1", "2"]);
        await using var subscription = await transport.SubscribeAsync(new SubscriptionRequest("live", 100) { Positions = true }, Cancel);
        var old = new List<Delivery>();
        while (old.Count < 3)
        {
            old.Add(await NextAsync(subscription));
        }

        await subscription.SettleAsync(old, Cancel);
        await cluster.DeleteTopicAsync("live", Cancel);
        await cluster.CreateTopicAsync("live", 1, maxMessageBytes: 1_048_588, Cancel);
        await SendAsync(transport, "live", ["new 0", "new 1", "new 2", "new 3", "new 4"]);

        // Until the change is seen, records may come under the old name; they come again under the new one.
        var seen = new SortedDictionary<long, string>();
        while (seen.Count < 5)
        {
            var delivery = await NextAsync(subscription);
            if (delivery.Position!.Value.Part != old[0].Position!.Value.Part)
            {
                seen[delivery.Position!.Value.Offset] = delivery.Envelope.MessageId;
            }
        }

        Assert.Equal([new(0, "new 0"), new(1, "new 1"), new(2, "new 2"), new(3, "new 3"), new(4, "new 4")], seen);
    }

    private static Task<Delivery> NextAsync(ISubscription subscription) => subscription.Deliveries.ReadAsync(Cancel).AsTask().WaitAsync(Eventually.Long, Cancel);

    private static async Task<KafkaTransport> StartAsync(KafkaCluster cluster)
    {
        var transport = new KafkaTransport(new KafkaOptions { BootstrapServers = cluster.BootstrapServers, GroupId = "positions", Topics = KafkaTopicCheck.Trust }, TimeProvider.System, new LogLines());
        await transport.StartAsync(new Topology([], []), Cancel);
        return transport;
    }

    /// <summary>One after the other; what is not confirmed again.</summary>
    private static async Task SendAsync(KafkaTransport transport, string topic, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            var message = new OutgoingMessage(topic, new Envelope { MessageId = id, Body = "{}"u8.ToArray() });
            await Eventually.EqualAsync(PublishStatus.Confirmed, async () => (await transport.PublishAsync(message, Cancel)).Status, $"message {id}");
        }
    }

    /// <summary>Reads a topic that nothing was committed for from its beginning, and commits nothing.</summary>
    private static async Task<List<LogPosition>> ReadAsync(KafkaTransport transport, string topic, int count)
    {
        await using var subscription = await transport.SubscribeAsync(new SubscriptionRequest(topic, 100) { Positions = true }, Cancel);
        var read = new List<LogPosition>();
        while (read.Count < count)
        {
            read.Add((await NextAsync(subscription)).Position!.Value);
        }

        return read;
    }
}
