using System.Diagnostics;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>The broker itself dies, is away, or stands still.</summary>
public sealed class BrokerLossTests(OwnBroker own) : BrokerTest, IClassFixture<OwnBroker>
{
    private RabbitMqServer Server => own.Server;

    [Theory]
    [InlineData(RabbitMqQueueType.Quorum)]
    [InlineData(RabbitMqQueueType.Classic)]
    public async Task A_broker_killed_and_restarted_in_mid_stream_loses_nothing_that_was_confirmed(RabbitMqQueueType queueType)
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.QueueType = queueType);
        await using var subscription = await SubscribeAsync(transport, queue, prefetch: 50);
        var (published, age, restarted) = (new List<string>(), Stopwatch.StartNew(), false);
        var publishing = Task.Run(async () =>
        {
            for (var last = false; !last;)
            {
                last = Volatile.Read(ref restarted);
                var chunk = Enumerable.Range(published.Count, 20).Select(number => $"m{number}").ToList();
                await Task.WhenAll(chunk.Select(id => PublishAsync(transport, queue, id)));
                published.AddRange(chunk);
            }

            await PublishAsync(transport, queue, "end");
            published.Add("end");
        }, Cancellation);
        var received = new HashSet<string>();
        var receiving = Task.Run(async () =>
        {
            while (!received.Contains("end"))
                received.Add((await ReceiveAsync(subscription)).Envelope.MessageId);
        }, Cancellation);

        // RabbitMQ 3.10 writes a new quorum queue's membership with a delay: killed in its first second or two, a single node never elects its leader again.
        while (age.Elapsed < TimeSpan.FromSeconds(5) || received.Count < 200)
            await Task.Delay(50, Cancellation);
        await Server.KillAsync(Cancellation);
        await Server.RestartAsync(Cancellation);
        Volatile.Write(ref restarted, true);

        await publishing.WaitAsync(Cancellation);
        await receiving.WaitAsync(Cancellation);
        Assert.Equal(published.ToHashSet(), received);
        Assert.DoesNotContain(Log.All, line => line.Contains("unknown delivery tag"));
    }

    [Fact]
    public async Task A_broker_that_is_away_at_the_start_is_waited_for()
    {
        var queue = NewQueue();
        await Server.KillAsync(Cancellation);
        var transport = await StartAsync([queue]);
        await using var subscription = await SubscribeAsync(transport, queue);

        var outcome = await TryPublishAsync(transport, queue, "early");
        Assert.Equal(PublishStatus.Unavailable, outcome.Status);
        Assert.Contains($"nothing listens at 127.0.0.1:{Server.Uri.Port}/", outcome.Reason);
        await LoggedAsync("publisher is not connected", "connection refused");
        await LoggedAsync("receiver is not connected", "connection refused");

        await Server.RestartAsync(Cancellation);
        await PublishAsync(transport, queue, "late");
        Assert.Equal("late", (await ReceiveAsync(subscription)).Envelope.MessageId);
    }

    [Fact]
    public async Task A_failure_that_repeats_is_logged_at_growing_intervals()
    {
        await Server.KillAsync(Cancellation);
        await StartAsync([], configure: options => options.LongestReconnectPause = TimeSpan.FromMilliseconds(20));

        while (Log.All.Count(line => line.Contains("failed to connect")) < 40)
            await Task.Delay(20, Cancellation);

        // At the 1st, 2nd, 4th, 8th, 16th and 32nd time; the test may look a little later.
        Assert.InRange(Log.Errors.Count(line => line.Contains("publisher is not connected")), 6, 7);
        await Server.RestartAsync(Cancellation);
    }

    [Fact]
    public async Task A_broker_that_stands_still_fails_publishes_after_the_time_limit_and_holds_up_no_shutdown()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.ConfirmTimeout = TimeSpan.FromMilliseconds(300));
        var subscription = await SubscribeAsync(transport, queue);
        await PublishAsync(transport, queue, "before");
        await ReceiveAsync(subscription);

        await Server.PauseAsync(Cancellation);
        try
        {
            var outcome = await TryPublishAsync(transport, queue, "silent");
            Assert.Equal(PublishStatus.Failed, outcome.Status);
            Assert.Contains("not confirmed within 00:00:00.3", outcome.Reason);
            Assert.Contains("RabbitMqOptions.ConfirmTimeout", outcome.Reason);

            var clock = Stopwatch.StartNew();
            await subscription.DisposeAsync();
            await transport.DisposeAsync();
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        }
        finally
        {
            await Server.ResumeAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_broker_that_blocks_publishers_costs_no_attempt_and_goes_on_delivering()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.ConfirmTimeout = TimeSpan.FromSeconds(1));
        await PublishAsync(transport, queue, "m0");
        await PublishAsync(transport, queue, "m1");
        await Server.ControlAsync(["set_vm_memory_high_watermark", "absolute", "1000000"], Cancellation);
        try
        {
            // The broker says that it blocks when it sees the next message, not before.
            PublishOutcome outcome;
            do
                outcome = await TryPublishAsync(transport, queue, "blocked");
            while (outcome.Status == PublishStatus.Confirmed);

            Assert.Equal(PublishStatus.Unavailable, outcome.Status);
            Assert.Contains("blocks publishers", outcome.Reason);
            Assert.Contains("memory", outcome.Reason);
            await using var subscription = await SubscribeAsync(transport, queue);
            await ReceiveAllAsync(subscription, ["m0", "m1"]);
        }
        finally
        {
            await Server.ControlAsync(["set_vm_memory_high_watermark", "0.4"], Cancellation);
        }

        await PublishAsync(transport, queue, "after");
        await LoggedAsync("takes messages again");
    }

    [Fact]
    public async Task A_body_above_the_brokers_own_limit_is_refused_and_harms_nobody_else()
    {
        await Server.ControlAsync(["eval", "application:set_env(rabbit, max_message_size, 100000)."], Cancellation);
        try
        {
            var queue = NewQueue();
            var transport = await StartAsync([queue]);
            await PublishAsync(transport, queue, "before");

            var others = Enumerable.Range(0, 100).Select(number => PublishAsync(transport, queue, $"m{number}")).ToList();
            var outcome = await TryPublishAsync(transport, queue, new Envelope { MessageId = "huge", Body = new byte[100_001] });

            Assert.Equal(PublishStatus.Refused, outcome.Status);
            Assert.Contains("100,001", outcome.Reason);
            Assert.Contains("max_message_size", outcome.Reason);
            await Task.WhenAll(others);
        }
        finally
        {
            await Server.ControlAsync(["eval", "application:set_env(rabbit, max_message_size, 134217728)."], Cancellation);
        }
    }

    [Fact]
    public async Task Connections_that_an_operator_closes_come_back()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        await using var subscription = await SubscribeAsync(transport, queue);
        await PublishAsync(transport, queue, "before");
        await ReceiveAllAsync(subscription, ["before"]);

        await Server.ControlAsync(["close_all_connections", "maintenance"], Cancellation);

        await PublishAsync(transport, queue, "after");
        await ReceiveAllAsync(subscription, ["after"]);
        await LoggedAsync("320", "maintenance");
    }

    protected override Task<Uri> BrokerAsync() => Task.FromResult(Server.Uri);
}
