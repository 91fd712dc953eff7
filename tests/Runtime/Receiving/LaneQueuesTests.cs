namespace Reliability.Tests.Receiving;

public sealed class LaneQueuesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_of_one_key_are_always_in_one_lane_and_in_order()
    {
        using var queues = new LaneQueues(4, 1000, TimeProvider.System);
        for (var number = 0; number < 400; number++)
        {
            queues.Add(Message($"{number}", key: $"key-{number % 20}"));
        }

        queues.Complete();

        var lanes = await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => DrainAsync(queues, lane)));
        Assert.Equal(400, lanes.Sum(lane => lane.Count));
        foreach (var key in Enumerable.Range(0, 20).Select(number => $"key-{number}"))
        {
            var lane = Assert.Single(lanes, lane => lane.Exists(message => message.Content.OrderKey == key));
            var order = lane.Where(message => message.Content.OrderKey == key).Select(message => message.Arrival).ToList();
            Assert.Equal(order.Order(), order);
            Assert.Equal(20, order.Count);
        }

        Assert.All(lanes, Assert.NotEmpty);
    }

    [Fact]
    public void Any_lane_takes_messages_without_a_key_oldest_first()
    {
        using var queues = new LaneQueues(2, 1000, TimeProvider.System);
        Enumerable.Range(0, 5).ToList().ForEach(number => queues.Add(Message($"{number}")));

        Assert.Equal(["0", "1"], Take(queues, 1, 2));
        Assert.Equal(["2", "3", "4"], Take(queues, 0, 10));
    }

    [Fact]
    public void With_one_lane_messages_with_and_without_a_key_keep_their_order()
    {
        using var queues = new LaneQueues(1, 1000, TimeProvider.System);
        queues.Add(Message("0", key: "a"));
        queues.Add(Message("1"));
        queues.Add(Message("2", key: "b"));
        queues.Add(Message("3"));

        Assert.Equal(["0", "1", "2", "3"], Take(queues, 0, 10));
    }

    [Fact]
    public async Task A_lone_message_wakes_one_idle_lane_and_a_second_the_next()
    {
        using var queues = new LaneQueues(2, 1000, TimeProvider.System);
        var first = queues.WaitAsync(0, Cancellation).AsTask();
        var second = queues.WaitAsync(1, Cancellation).AsTask();

        queues.Add(Message("0"));
        Assert.True(await first);
        Assert.False(second.IsCompleted);
        Assert.Equal(["0"], Take(queues, 0, 10));
        queues.Add(Message("1"));

        Assert.True(await second.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(["1"], Take(queues, 1, 10));
    }

    [Fact]
    public async Task What_a_full_group_leaves_wakes_the_next_idle_lane()
    {
        using var queues = new LaneQueues(2, 1000, TimeProvider.System);
        var first = queues.WaitAsync(0, Cancellation).AsTask();
        var second = queues.WaitAsync(1, Cancellation).AsTask();
        Enumerable.Range(0, 3).ToList().ForEach(number => queues.Add(Message($"{number}")));
        await first;

        Assert.Equal(["0", "1"], Take(queues, 0, 2));

        Assert.True(await second.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(["2"], Take(queues, 1, 2));
    }

    [Fact]
    public async Task While_a_lane_runs_another_begins_only_for_so_many_as_are_worth_it()
    {
        using var queues = new LaneQueues(2, 1000, new HeldTimer());
        var first = queues.WaitAsync(0, Cancellation).AsTask();
        var second = queues.WaitAsync(1, Cancellation).AsTask();
        queues.Add(Message("0"));
        await first;
        Assert.Equal(["0"], Take(queues, 0, 10, worth: 3));

        queues.Add(Message("1"));
        queues.Add(Message("2"));
        Assert.False(second.IsCompleted);
        queues.Add(Message("3"));

        Assert.True(await second.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(["1", "2", "3"], Take(queues, 1, 10, worth: 3));
    }

    [Fact]
    public async Task What_came_while_the_only_running_lane_ran_is_its_next_group()
    {
        using var queues = new LaneQueues(2, 1000, new HeldTimer());
        var first = queues.WaitAsync(0, Cancellation).AsTask();
        var second = queues.WaitAsync(1, Cancellation).AsTask();
        queues.Add(Message("0"));
        await first;
        Take(queues, 0, 10, worth: 3);
        queues.Add(Message("1"));

        Assert.True(await queues.WaitAsync(0, Cancellation));
        Assert.Equal(["1"], Take(queues, 0, 10, worth: 3));
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Nothing_waits_longer_than_a_moment_for_a_running_lane_while_another_is_idle()
    {
        var time = new HeldTimer();
        using var queues = new LaneQueues(2, 1000, time);
        var first = queues.WaitAsync(0, Cancellation).AsTask();
        var second = queues.WaitAsync(1, Cancellation).AsTask();
        queues.Add(Message("0"));
        await first;
        Take(queues, 0, 10, worth: 100);
        queues.Add(Message("1"));
        Assert.False(second.IsCompleted);

        time.GoOff(LaneQueues.Patience);

        Assert.True(await second.WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal(["1"], Take(queues, 1, 10, worth: 100));
    }

    [Fact]
    public async Task No_more_is_added_than_may_wait()
    {
        using var queues = new LaneQueues(1, 2, TimeProvider.System);
        queues.Add(Message("0"));
        await queues.WaitForRoomAsync(Cancellation);
        queues.Add(Message("1"));
        var room = queues.WaitForRoomAsync(Cancellation).AsTask();
        Assert.False(room.IsCompleted);

        Take(queues, 0, 1);

        await room.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task Lanes_take_what_is_left_and_then_end()
    {
        using var queues = new LaneQueues(1, 10, TimeProvider.System);
        queues.Add(Message("0"));
        queues.Complete();

        Assert.True(await queues.WaitAsync(0, Cancellation));
        Take(queues, 0, 10);
        Assert.False(await queues.WaitAsync(0, Cancellation));
    }

    [Fact]
    public void What_is_left_is_given_back_in_its_order()
    {
        using var queues = new LaneQueues(3, 100, TimeProvider.System);
        for (var number = 0; number < 30; number++)
        {
            queues.Add(Message($"{number}", number % 3 == 0 ? null : $"key-{number % 5}"));
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"{number}"), queues.Empty().Select(message => message.Delivery.Envelope.MessageId));
        Assert.Empty(queues.Empty());
    }

    private static async Task<List<ReceivedMessage>> DrainAsync(LaneQueues queues, int lane)
    {
        var taken = new List<ReceivedMessage>();
        while (await queues.WaitAsync(lane, Cancellation))
        {
            queues.Take(lane, taken.Count + 7, worth: 1, taken);
        }

        return taken;
    }

    private static List<string> Take(LaneQueues queues, int lane, int limit, int worth = 1)
    {
        var taken = new List<ReceivedMessage>();
        queues.Take(lane, limit, worth, taken);
        return taken.ConvertAll(message => message.Delivery.Envelope.MessageId);
    }

    private static ReceivedMessage Message(string id, string? key = null)
    {
        var handler = new DelegateHandler<Paid>(TestJson.Default.Paid, (_, _) => ValueTask.CompletedTask);
        return new ReceivedMessage
        {
            Delivery = new Delivery("paid", new Envelope { MessageId = id, Body = default }, redelivered: false),
            Transport = TransportNames.Local,
            Handler = new HandlerDescriptor("Test.Paid", TransportNames.Local, "paid", handler),
            Content = new ReadMessage(id, id, key),
        };
    }

    /// <summary>One timer, which goes off when a test says so.</summary>
    private sealed class HeldTimer : TimeProvider, ITimer
    {
        private Action? _goOff;
        private TimeSpan _due = Timeout.InfiniteTimeSpan;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_goOff, _due) = (() => callback(state), dueTime);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime;
            return true;
        }

        public void GoOff(TimeSpan after)
        {
            Assert.Equal(after, _due);
            _goOff!();
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
