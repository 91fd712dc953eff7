using Confluent.Kafka;

namespace Reliability.Tests;

public sealed class WatermarkTests
{
    private static readonly Envelope Nothing = new() { MessageId = "m", Body = ReadOnlyMemory<byte>.Empty };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void In_whatever_order_records_finish_a_commit_covers_exactly_those_before_the_first_unfinished(int seed)
    {
        var random = new Random(seed);
        var progress = new PartitionProgress(new TopicPartition("orders", 0), mayHaveBegun: 0);
        // Gaps as compaction and transactions leave them.
        var offsets = Enumerable.Range(0, 200).Select(number => (number * 3L) + random.Next(3)).ToList();
        var deliveries = offsets.ConvertAll(offset => new KafkaDelivery("orders", Nothing, redelivered: false, progress, offset, leaderEpoch: null));
        deliveries.ForEach(progress.Add);
        var open = deliveries.ToList();
        var committed = -1L;

        while (open.Count > 0)
        {
            var done = open[random.Next(open.Count)];
            open.Remove(done);
            progress.Settle(done);
            var first = open.Count == 0 ? long.MaxValue : open.Min(delivery => delivery.Offset);
            var doneBefore = offsets.Where(offset => offset < first).DefaultIfEmpty(-1).Max();
            if (random.Next(3) == 0 && progress.NextCommit() is { } commit)
            {
                Assert.Equal(doneBefore + 1, commit.Offset.Offset.Value);
                Assert.True(commit.Offset.Offset.Value > committed, $"{commit.Offset.Offset.Value} was committed after {committed}");
                committed = commit.Offset.Offset.Value;
                progress.Committed(commit);
            }
        }

        var last = progress.NextCommit()?.Offset.Offset.Value ?? committed;
        Assert.Equal(offsets[^1] + 1, last);
    }

    [Fact]
    public void Nothing_done_means_nothing_to_commit()
    {
        var progress = new PartitionProgress(new TopicPartition("orders", 0), mayHaveBegun: 0);
        progress.Add(new KafkaDelivery("orders", Nothing, redelivered: false, progress, 7, leaderEpoch: null));

        Assert.Null(progress.NextCommit());
    }

    [Fact]
    public void What_finishes_during_a_commit_is_left_for_the_next()
    {
        var progress = new PartitionProgress(new TopicPartition("orders", 0), mayHaveBegun: 0);
        var deliveries = new[] { 7L, 8L }.Select(offset => new KafkaDelivery("orders", Nothing, redelivered: false, progress, offset, leaderEpoch: 5)).ToList();
        deliveries.ForEach(progress.Add);
        progress.Settle(deliveries[0]);
        var commit = progress.NextCommit()!;

        progress.Settle(deliveries[1]);
        progress.Committed(commit);

        Assert.Equal((8L, 5), (commit.Offset.Offset.Value, commit.Offset.LeaderEpoch));
        Assert.Equal(9L, progress.NextCommit()?.Offset.Offset.Value);
        Assert.Equal(1, progress.InHand);
    }
}
