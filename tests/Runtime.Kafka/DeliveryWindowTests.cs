using Confluent.Kafka;

namespace Reliability.Tests;

public sealed class DeliveryWindowTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly DeliveryWindow _window = new(prefetch: 4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_partition_taken_back_waits_for_the_handler_that_has_a_record_in_hand_and_commits_it()
    {
        var taken = Add(_window.Assign(new TopicPartition("orders", 0)), offset: 7);
        Assert.True(_window.Buffer.TryRead(out _));

        var takingBack = Task.Run(() => _window.Withdraw([0], Eventually.Long), Cancel);
        await Eventually.IsTrueAsync(() => taken.Progress.IsWithdrawn, "withdrawn");
        Assert.False(takingBack.IsCompleted);
        _window.Settle([taken]);
        await takingBack.WaitAsync(Eventually.Long, Cancel);

        Assert.Equal(8L, Assert.Single(_window.NextCommits([0])).Offset.Offset.Value);
        Assert.Equal(0, _window.End([0]));
    }

    [Fact]
    public void A_handler_that_takes_too_long_is_not_waited_for()
    {
        Add(_window.Assign(new TopicPartition("orders", 0)), offset: 7);
        Assert.True(_window.Buffer.TryRead(out _));

        _window.Withdraw([0], Short);

        Assert.Equal(1, _window.End([0]));
    }

    [Fact]
    public void Records_of_a_partition_that_was_taken_back_are_not_handed_out()
    {
        Add(_window.Assign(new TopicPartition("orders", 0)), offset: 7);
        var kept = Add(_window.Assign(new TopicPartition("orders", 1)), offset: 3);

        _window.End([0]);

        Assert.True(_window.Buffer.TryRead(out var delivery));
        Assert.Same(kept, delivery);
        Assert.False(_window.Buffer.TryRead(out _));
    }

    [Fact]
    public void Settling_after_the_partition_came_back_commits_nothing_of_the_earlier_assignment()
    {
        var stale = Add(_window.Assign(new TopicPartition("orders", 0)), offset: 7);
        _window.End([0]);
        Add(_window.Assign(new TopicPartition("orders", 0)), offset: 9);

        _window.Settle([stale]);
        _window.Return([stale]);

        Assert.Empty(_window.NextCommits());
    }

    [Fact]
    public void Done_records_take_room_until_their_offset_is_committed()
    {
        var progress = _window.Assign(new TopicPartition("orders", 0));
        var deliveries = Enumerable.Range(0, 4).Select(offset => Add(progress, offset)).ToList();

        _window.Settle(deliveries);
        Assert.False(_window.WaitForRoom(Short));
        _window.Committed(_window.NextCommits());

        Assert.True(_window.WaitForRoom(Short));
    }

    [Fact]
    public void A_partition_that_was_taken_back_makes_room()
    {
        var progress = _window.Assign(new TopicPartition("orders", 0));
        var deliveries = Enumerable.Range(0, 4).Select(offset => Add(progress, offset)).ToList();
        _window.Settle([deliveries[0]]);

        _window.End([0]);

        Assert.True(_window.WaitForRoom(Short));
        Assert.Empty(_window.NextCommits());
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken_by_what_is_given_back()
    {
        var delivery = Add(_window.Assign(new TopicPartition("orders", 0)), offset: 7);
        Assert.True(_window.Buffer.TryRead(out _));
        var waiting = _window.Buffer.WaitToReadAsync(Cancel).AsTask();
        Assert.False(waiting.IsCompleted);

        _window.Return([delivery]);

        Assert.True(await waiting.WaitAsync(Eventually.Long, Cancel));
        Assert.True(_window.Buffer.TryRead(out var again));
        Assert.Same(delivery, again);
    }

    [Fact]
    public void It_is_done_when_receiving_stopped_and_everything_is_settled_or_given_back()
    {
        var progress = _window.Assign(new TopicPartition("orders", 0));
        var deliveries = new[] { Add(progress, 0), Add(progress, 1) };
        Assert.True(_window.Buffer.TryRead(out _) && _window.Buffer.TryRead(out _));
        Assert.False(_window.IsDone);
        _window.StopReceiving();
        Assert.False(_window.IsDone);

        _window.Settle([deliveries[0]]);
        Assert.False(_window.IsDone);
        _window.Return([deliveries[1]]);

        Assert.True(_window.IsDone);
        Assert.Equal(1L, Assert.Single(_window.NextCommits()).Offset.Offset.Value);
    }

    private KafkaDelivery Add(PartitionProgress progress, long offset)
    {
        var envelope = new Envelope { MessageId = $"{offset}", Body = ReadOnlyMemory<byte>.Empty };
        var delivery = new KafkaDelivery("orders", envelope, redelivered: false, progress, offset, leaderEpoch: null);
        _window.Add(delivery);
        return delivery;
    }
}
