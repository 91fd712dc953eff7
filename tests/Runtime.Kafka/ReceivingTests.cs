using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests;

public sealed class ReceivingTests : OnMockKafka
{
    private const string Topic = "orders";

    public ReceivingTests() => Cluster.CreateTopic(Topic, 1);

    [Fact]
    public async Task An_envelope_arrives_as_it_was_sent()
    {
        var transport = await StartAsync();
        var sent = new Envelope
        {
            MessageId = "m1",
            MessageName = "OrderPaid",
            Key = "Ägypten",
            Headers = new Dictionary<string, string> { ["traceparent"] = "00-1", ["empty"] = "" },
            Body = Encoding.UTF8.GetBytes("{\"amount\":1}"),
        };

        Assert.Equal(PublishOutcome.Confirmed, await transport.PublishAsync(new OutgoingMessage(Topic, sent), Cancel));
        await using var subscription = await SubscribeAsync(transport, Topic);
        var delivery = Assert.Single(await ReadAsync(subscription, 1));

        Assert.Equal(Topic, delivery.Source);
        Assert.Equal((sent.MessageId, sent.MessageName, sent.Key), (delivery.Envelope.MessageId, delivery.Envelope.MessageName, delivery.Envelope.Key));
        Assert.Equal(sent.Headers, delivery.Envelope.Headers);
        Assert.Equal(sent.Body.ToArray(), delivery.Envelope.Body.ToArray());
    }

    [Fact]
    public async Task Records_of_other_programs_are_read_and_what_is_not_text_is_kept_in_hexadecimal()
    {
        await ProduceAsync(Topic, new() { Key = null!, Value = "a"u8.ToArray() });
        await ProduceAsync(Topic, new() { Key = [0xFF, 0x01], Value = null!, Headers = new Headers { { "message-id", [0xFF] }, { "binary", [0xC3] }, { "text", "ok"u8.ToArray() } } });
        await using var subscription = await SubscribeAsync(await StartAsync(), Topic);

        var read = await ReadAsync(subscription, 2);

        Assert.Equal([$"{Topic}[0]@0", $"{Topic}[0]@1"], Ids(read));
        Assert.Null(read[0].Envelope.Key);
        Assert.Null(read[0].Envelope.MessageName);
        Assert.Empty(read[0].Envelope.Headers);
        Assert.Equal("0xFF01", read[1].Envelope.Key);
        Assert.Equal([new("binary", "0xC3"), new("text", "ok")], read[1].Envelope.Headers);
        Assert.True(read[1].Envelope.Body.IsEmpty, "A tombstone has an empty body");
    }

    [Fact]
    public async Task The_offset_moves_up_to_the_first_unfinished_record_and_no_further()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2", "3"]);
        await using var subscription = await SubscribeAsync(transport, Topic);
        var read = await ReadAsync(subscription, 4);

        await subscription.SettleAsync([read[2], read[0]], Cancel);
        await Eventually.EqualAsync(1L, () => Committed(Topic));
        await subscription.SettleAsync([read[3]], Cancel);
        await subscription.DisposeAsync();

        Assert.Equal(1L, Committed(Topic));
    }

    [Fact]
    public async Task The_offset_jumps_over_what_is_done_once_the_gap_closes_and_never_goes_back()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2"]);
        await using var subscription = await SubscribeAsync(transport, Topic);
        var read = await ReadAsync(subscription, 3);

        await subscription.SettleAsync([read[2], read[1]], Cancel);
        await subscription.SettleAsync([read[0]], Cancel);
        await Eventually.EqualAsync(3L, () => Committed(Topic));
        await subscription.SettleAsync([read[0]], Cancel);
        await subscription.DisposeAsync();

        Assert.Equal(3L, Committed(Topic));
    }

    [Fact]
    public async Task After_a_restart_only_what_was_not_settled_comes_again()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2", "3"]);
        await using (var first = await SubscribeAsync(transport, Topic))
        {
            var read = await ReadAsync(first, 4);
            await first.SettleAsync([read[0], read[1]], Cancel);
        }

        await using var second = await SubscribeAsync(transport, Topic);

        Assert.Equal(["2", "3"], Ids(await ReadAsync(second, 2)));
    }

    [Fact]
    public async Task The_first_prefetch_of_records_after_an_assignment_may_have_been_begun()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2", "3", "4"]);
        await using var subscription = await SubscribeAsync(transport, Topic, prefetch: 3);

        var first = await ReadAsync(subscription, 3);
        await subscription.SettleAsync(first, Cancel);
        var next = await ReadAsync(subscription, 2);

        Assert.Equal([true, true, true], first.Select(delivery => delivery.Redelivered));
        Assert.Equal([false, false], next.Select(delivery => delivery.Redelivered));
    }

    [Fact]
    public async Task No_more_than_the_prefetch_is_in_hand()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, Enumerable.Range(0, 50).Select(number => $"{number}"));
        await using var subscription = await SubscribeAsync(transport, Topic, prefetch: 5);
        var read = await ReadAsync(subscription, 5);
        await Eventually.IsTrueAsync(() => Log.AtLeast(LogLevel.Debug).Any(line => line.Contains("until handlers catch up", StringComparison.Ordinal)), "paused");

        Assert.False(subscription.Deliveries.TryRead(out _));
        await subscription.SettleAsync([read[0]], Cancel);
        Assert.Equal(["5"], Ids(await ReadAsync(subscription, 1)));
        Assert.False(subscription.Deliveries.TryRead(out _));
    }

    [Fact]
    public async Task Everything_arrives_once_and_in_order_through_a_window_that_is_always_full()
    {
        var transport = await StartAsync();
        var sent = Enumerable.Range(0, 2000).Select(number => $"{number}").ToList();
        await SendAsync(transport, Topic, sent);
        await using var subscription = await SubscribeAsync(transport, Topic, prefetch: 20);

        var read = new List<string>();
        while (read.Count < sent.Count)
        {
            var one = await ReadAsync(subscription, 1);
            read.AddRange(Ids(one));
            await subscription.SettleAsync(one, Cancel);
        }

        Assert.Equal(sent, read);
        await Eventually.EqualAsync(2000L, () => Committed(Topic));
    }

    [Fact]
    public async Task What_is_given_back_comes_again_before_newer_records()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2", "3"]);
        await using var subscription = await SubscribeAsync(transport, Topic);
        var read = await ReadAsync(subscription, 3);

        await subscription.ReturnAsync([read[2], read[1]], Cancel);
        await subscription.SettleAsync([read[0]], Cancel);
        var again = await ReadAsync(subscription, 3);
        await subscription.SettleAsync(again, Cancel);

        Assert.Equal(["1", "2", "3"], Ids(again));
        await Eventually.EqualAsync(4L, () => Committed(Topic));
    }

    [Fact]
    public async Task What_is_buffered_can_be_read_and_settled_after_receiving_stopped()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1", "2"]);
        var subscription = await SubscribeAsync(transport, Topic);
        var read = await ReadAsync(subscription, 1);
        await Eventually.IsTrueAsync(() => subscription.Deliveries.WaitToReadAsync(Cancel).AsTask().IsCompleted, "buffered");

        await subscription.StopReceivingAsync(Cancel);
        while (subscription.Deliveries.TryRead(out var delivery))
        {
            read.Add(delivery);
        }

        await subscription.Deliveries.Completion.WaitAsync(Eventually.Long, Cancel);
        await subscription.SettleAsync(read, Cancel);
        await subscription.DisposeAsync();

        Assert.Equal((long)read.Count, Committed(Topic));
    }

    [Fact]
    public async Task What_is_given_back_at_the_end_comes_to_the_next()
    {
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0", "1"]);
        await using (var first = await SubscribeAsync(transport, Topic))
        {
            var read = await ReadAsync(first, 2);
            await first.StopReceivingAsync(Cancel);
            await first.ReturnAsync(read, Cancel);
            Assert.False(first.Deliveries.TryRead(out _));
        }

        await using var second = await SubscribeAsync(transport, Topic);
        Assert.Equal(["0", "1"], Ids(await ReadAsync(second, 2)));
    }

    [Fact]
    public async Task A_commit_that_fails_is_tried_again()
    {
        const int NotCoordinator = 16, InvalidCommitOffsetSize = 28;
        var transport = await StartAsync();
        await SendAsync(transport, Topic, ["0"]);
        await using var subscription = await SubscribeAsync(transport, Topic);
        var read = await ReadAsync(subscription, 1);

        Cluster.FailNext(Services.KafkaRequest.OffsetCommit, InvalidCommitOffsetSize, InvalidCommitOffsetSize, NotCoordinator);
        await subscription.SettleAsync(read, Cancel);

        await Eventually.EqualAsync(1L, () => Committed(Topic));
        Assert.Contains(Log.AtLeast(LogLevel.Warning), line => line.Contains($"Offsets of topic '{Topic}' could not be committed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_handler_slower_than_the_poll_interval_keeps_its_partition()
    {
        var transport = await StartAsync(options => options.Client["max.poll.interval.ms"] = "6000");
        await SendAsync(transport, Topic, ["0", "1"]);
        await using var subscription = await SubscribeAsync(transport, Topic, prefetch: 1);
        var read = await ReadAsync(subscription, 1);

        // Longer than the interval by a third: the time itself is what is tested.
        await Task.Delay(TimeSpan.FromSeconds(8), Cancel);
        await subscription.SettleAsync(read, Cancel);

        Assert.Equal(["1"], Ids(await ReadAsync(subscription, 1)));
        Assert.Equal(1L, Committed(Topic));
        Assert.DoesNotContain(Log.AtLeast(LogLevel.Information), line => line.Contains("taken back", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_consumers_share_a_topic_and_neither_loses_nor_skips_anything()
    {
        const string Shared = "shared";
        Cluster.CreateTopic(Shared, 4);
        var transport = await StartAsync();
        var sent = Enumerable.Range(0, 400).Select(number => $"{number}").ToList();
        await Task.WhenAll(sent.Select(id => transport.PublishAsync(Message(Shared, id, key: id), Cancel)));
        var seen = new HashSet<string>();
        await using var first = await SubscribeAsync(transport, Shared, prefetch: 10);
        await ReadAndSettleAsync(first, seen, 100);

        await using var second = await SubscribeAsync(transport, Shared, prefetch: 10);
        await Eventually.IsTrueAsync(() => Log.AtLeast(LogLevel.Information).Any(line => line.Contains("taken back", StringComparison.Ordinal)), "rebalanced");
        var firstSeen = new HashSet<string>();
        var secondSeen = new HashSet<string>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var both = Task.WhenAll(DrainAsync(first, firstSeen, done.Token), DrainAsync(second, secondSeen, done.Token));
        await Eventually.EqualAsync(sent.Count, () => Count(seen, firstSeen, secondSeen), "messages seen");
        await Eventually.EqualAsync(400L, () => Enumerable.Range(0, 4).Sum(partition => Committed(Shared, partition) ?? 0), "committed");
        await done.CancelAsync();
        await both;

        Assert.NotEmpty(secondSeen);
    }

    private static int Count(params HashSet<string>[] sets) => sets.SelectMany(set =>
    {
        lock (set)
        {
            return set.ToList();
        }
    }).Distinct().Count();

    private static async Task ReadAndSettleAsync(ISubscription subscription, HashSet<string> seen, int count)
    {
        while (seen.Count < count)
        {
            var read = await ReadAsync(subscription, 1);
            seen.Add(read[0].Envelope.MessageId);
            await subscription.SettleAsync(read, Cancel);
        }
    }

    private static async Task DrainAsync(ISubscription subscription, HashSet<string> seen, CancellationToken until)
    {
        try
        {
            await foreach (var delivery in subscription.Deliveries.ReadAllAsync(until))
            {
                lock (seen)
                {
                    seen.Add(delivery.Envelope.MessageId);
                }

                await subscription.SettleAsync([delivery], until);
            }
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // The test has seen enough.
        }
    }
}
