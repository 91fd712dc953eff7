using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>What a broker limits: how long a message may stay unsettled, how large a frame may be, how much memory it has.</summary>
public sealed class BrokerLimitsTests(OwnBroker own) : BrokerTest, IClassFixture<OwnBroker>
{
    private RabbitMqServer Server => own.Server;

    [Fact]
    public async Task A_message_held_longer_than_the_consumer_timeout_comes_again_and_the_log_says_what_to_change()
    {
        await SetAsync("consumer_timeout", "1000");
        await SetAsync("channel_tick_interval", "500");
        try
        {
            var queue = NewQueue();
            var transport = await StartAsync([queue], configure: options => options.QueueType = RabbitMqQueueType.Quorum);
            await using var subscription = await SubscribeAsync(transport, queue, prefetch: 10);
            await PublishAsync(transport, queue, "slow");
            var held = await subscription.Deliveries.ReadAsync(Cancellation);

            await LoggedAsync($"nothing is received from queue '{queue}'", "consumer_timeout", "timed out", "Prefetch");
            await subscription.SettleAsync([held], Cancellation);
            var again = await ReceiveAsync(subscription);

            Assert.Equal(("slow", true), (again.Envelope.MessageId, again.Redelivered));
            await PublishAsync(transport, queue, "next");
            await ReceiveAllAsync(subscription, ["next"]);
            Assert.DoesNotContain(Log.All, line => line.Contains("unknown delivery tag"));
        }
        finally
        {
            await SetAsync("consumer_timeout", "1800000");
            await SetAsync("channel_tick_interval", "60000");
        }
    }

    [Fact]
    public async Task Headers_above_the_brokers_frame_limit_are_refused_and_harm_nobody_else()
    {
        await SetAsync("frame_max", "8192");
        try
        {
            var queue = NewQueue();
            var transport = await StartAsync([queue]);
            await using var subscription = await SubscribeAsync(transport, queue);
            await PublishAsync(transport, queue, "warm");

            var others = Enumerable.Range(0, 100).Select(number => PublishAsync(transport, queue, $"m{number}")).ToList();
            var outcome = await TryPublishAsync(transport, queue, WithHeaders("wide", 1, new string('v', 9000)));
            var many = await TryPublishAsync(transport, queue, WithHeaders("many", 1000, "v"));
            var fits = await TryPublishAsync(transport, queue, WithHeaders("fits", 1, new string('v', 7000)) with { Body = new byte[100_000] });

            Assert.Equal(PublishStatus.Refused, outcome.Status);
            Assert.Contains("a frame of 8,192, the broker's frame_max", outcome.Reason);
            Assert.Equal(PublishStatus.Refused, many.Status);
            Assert.Equal(PublishOutcome.Confirmed, fits);
            await Task.WhenAll(others);
            await ReceiveAllAsync(subscription, ["warm", "fits", .. Enumerable.Range(0, 100).Select(number => $"m{number}")]);
            Assert.DoesNotContain(Log.All, line => line.Contains("was closed") || line.Contains("lost its connection"));
        }
        finally
        {
            await SetAsync("frame_max", "131072");
        }
    }

    [Fact]
    public async Task Many_small_headers_that_would_not_fit_into_an_ordinary_frame_are_refused_too()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        await PublishAsync(transport, queue, "warm");

        var outcome = await TryPublishAsync(transport, queue, WithHeaders("many", 12_000, "v"));

        Assert.Equal(PublishStatus.Refused, outcome.Status);
        Assert.Equal(PublishOutcome.Confirmed, await TryPublishAsync(transport, queue, "after"));
        Assert.DoesNotContain(Log.All, line => line.Contains("was closed") || line.Contains("lost its connection"));
    }

    private static Envelope WithHeaders(string id, int count, string value) =>
        Message(id) with { Headers = Enumerable.Range(0, count).ToDictionary(number => $"h{number:00000}", _ => value) };

    private Task<string> SetAsync(string name, string value) => Server.ControlAsync(["eval", $"application:set_env(rabbit, {name}, {value})."], Cancellation);

    protected override Task<Uri> BrokerAsync() => Task.FromResult(Server.Uri);
}
