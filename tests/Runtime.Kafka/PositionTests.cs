using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests;

/// <summary>Records that carry their place, for handlers that know them by it: the place must name the topic that the record really lies in.</summary>
public sealed class PositionTests : OnMockKafka
{
    private const string Topic = "orders";

    public PositionTests() => Cluster.CreateTopic(Topic, 2);

    [Fact]
    public async Task Deliveries_carry_their_partition_and_offset_only_where_they_are_asked_for()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2"]);
        await using (var plain = await SubscribeAsync(transport, Topic))
        {
            Assert.All(await ReadAsync(plain, 3), delivery => Assert.Null(delivery.Position));
        }

        await using var subscription = await SubscribeWithPositionsAsync(transport);
        var read = await ReadAsync(subscription, 3);

        Assert.Equal([0L, 1L, 2L], read.Select(delivery => delivery.Position!.Value.Offset));
        var part = Assert.Single(read.Select(delivery => delivery.Position!.Value.Part).Distinct());
        Assert.Matches("^first-topic/[01]$", part);
    }

    [Fact]
    public async Task A_record_that_comes_again_has_the_same_position()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1"]);
        List<LogPosition?> first;
        await using (var subscription = await SubscribeWithPositionsAsync(transport))
        {
            first = (await ReadAsync(subscription, 2)).ConvertAll(delivery => delivery.Position);
        }

        await using var again = await SubscribeWithPositionsAsync(transport);

        Assert.Equal(first, (await ReadAsync(again, 2)).ConvertAll(delivery => delivery.Position));
    }

    [Fact]
    public async Task A_topic_that_is_made_anew_while_it_is_read_is_read_from_its_beginning_and_under_another_name()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2"]);
        await using var subscription = await SubscribeWithPositionsAsync(transport);
        // Nothing is committed: a broker deletes a topic's offsets with it, the mock cluster does not.
        var old = await ReadAsync(subscription, 3);

        MakeTopicAnew();
        await SendAsync(await StartAsync(), Topic, ["new 0", "new 1", "new 2", "new 3"]);

        // Until the change is seen, records may come under the old name; they come again under the new one.
        var seen = new HashSet<(string Id, long Offset)>();
        while (seen.Count < 4)
        {
            var delivery = Assert.Single(await ReadAsync(subscription, 1));
            if (delivery.Position!.Value.Part != old[0].Position!.Value.Part)
            {
                seen.Add((delivery.Envelope.MessageId, delivery.Position!.Value.Offset));
            }
        }

        Assert.Equal([("new 0", 0L), ("new 1", 1L), ("new 2", 2L), ("new 3", 3L)], seen.Order());
    }

    [Fact]
    public async Task Offsets_of_a_topic_that_is_gone_are_not_committed_for_the_one_that_has_its_name_now()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2"]);
        await using var subscription = await SubscribeWithPositionsAsync(transport);
        var old = await ReadAsync(subscription, 3);

        MakeTopicAnew();
        await subscription.SettleAsync(old, Cancel);

        await Eventually.IsTrueAsync(() => Log.AtLeast(LogLevel.Warning).Any(line => line.StartsWith($"Topic '{Topic}' was deleted and created anew", StringComparison.Ordinal)), "said so");
        Assert.Null(Committed(Topic, PartitionOf(old[0])));
    }

    [Fact]
    public async Task Brokers_that_do_not_say_which_topic_it_is_keep_the_offset_where_it_is_until_they_do()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1"]);
        await using var subscription = await SubscribeWithPositionsAsync(transport);
        var read = await ReadAsync(subscription, 2);
        TopicIds.Error = new(ErrorCode.Local_TimedOut);
        await subscription.SettleAsync(read, Cancel);
        await Eventually.IsTrueAsync(() => Log.AtLeast(LogLevel.Warning).Any(line => line.Contains("whether the topic is still the same is not known", StringComparison.Ordinal)), "said so");
        Assert.Null(Committed(Topic, PartitionOf(read[0])));

        TopicIds.Error = null;

        await Eventually.EqualAsync(2L, () => Committed(Topic, PartitionOf(read[0])));
    }

    [Fact]
    public async Task From_a_topic_without_an_id_nothing_is_received_and_the_log_says_why()
    {
        TopicIds.Id = null;
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0"]);
        await using var subscription = await SubscribeWithPositionsAsync(transport);

        await Eventually.IsTrueAsync(() => Log.AtLeast(LogLevel.Error).Any(line => line.StartsWith($"Topic '{Topic}' has no id", StringComparison.Ordinal)), "said so");
        Assert.False(subscription.Deliveries.TryRead(out _), "Nothing is delivered without a position");
        TopicIds.Id = "known now";
        Assert.Equal("known now", Assert.Single(await ReadAsync(subscription, 1)).Position!.Value.Part.Split('/')[0]);
    }

    private void MakeTopicAnew()
    {
        Cluster.DeleteTopic(Topic);
        TopicIds.Id = "second-topic";
        Cluster.CreateTopic(Topic, 2);
    }

    private static int PartitionOf(Delivery delivery) => delivery.Position!.Value.Part[^1] - '0';

    private static async Task<ISubscription> SubscribeWithPositionsAsync(KafkaTransport transport, string topic = Topic) =>
        await transport.SubscribeAsync(new SubscriptionRequest(topic, 100) { Positions = true }, Cancel);
}
