using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Reliability.Tests.Services;

namespace Reliability.Tests;

public sealed class SendingTests : OnMockKafka
{
    private const string Topic = "invoices";

    public SendingTests() => Cluster.CreateTopic(Topic, 4);

    [Fact]
    public async Task Messages_of_one_key_go_to_one_partition_in_the_order_of_the_calls()
    {
        var transport = await StartAsync();
        var sends = new List<Task<PublishOutcome>>();
        for (var number = 0; number < 300; number++)
        {
            sends.Add(transport.PublishAsync(Message(Topic, $"{number % 3}:{number:000}", key: $"customer {number % 3}"), Cancel));
        }

        Assert.All(await Task.WhenAll(sends), outcome => Assert.Equal(PublishOutcome.Confirmed, outcome));
        await using var subscription = await SubscribeAsync(transport, Topic, prefetch: 300);
        var read = await ReadAsync(subscription, 300);

        foreach (var key in read.GroupBy(delivery => delivery.Envelope.Key))
        {
            Assert.Single(key.Select(delivery => ((KafkaDelivery)delivery).Progress.Partition).Distinct());
            Assert.Equal(Ids(key).Order(StringComparer.Ordinal), Ids(key));
        }
    }

    [Fact]
    public async Task A_cloud_events_attributes_are_headers()
    {
        var transport = await StartAsync();
        var message = Message(Topic, "event", key: "k");
        message = message with
        {
            Envelope = message.Envelope with { Headers = new Dictionary<string, string> { ["ce_type"] = "kept" } },
            CloudEvent = new CloudEvent("event", "/shop", "com.example.Paid", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero)),
        };
        Assert.Equal(PublishOutcome.Confirmed, await transport.PublishAsync(message, Cancel));

        await using var subscription = await SubscribeAsync(transport, Topic, prefetch: 1);
        var headers = Assert.Single(await ReadAsync(subscription, 1)).Envelope.Headers;

        Assert.Equal(("event", "/shop", "1.0", "2026-03-04T05:06:07.000Z", "application/json"),
            (headers["ce_id"], headers["ce_source"], headers["ce_specversion"], headers["ce_time"], headers["content-type"]));
        // An event that is sent on as it came keeps its own attributes.
        Assert.Equal("kept", headers["ce_type"]);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_and_names_sizes_and_option()
    {
        var transport = await StartAsync(options => options.MaxBodyBytes = 2000);

        var outcome = await transport.PublishAsync(Message(Topic, "m1", body: new string('x', 2001)), Cancel);

        Assert.Equal(PublishStatus.Refused, outcome.Status);
        Assert.Contains("2,001 bytes", outcome.Reason, StringComparison.Ordinal);
        Assert.Contains("KafkaOptions.MaxBodyBytes allows 2,000", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_the_largest_size_is_taken()
    {
        var transport = await StartAsync();

        Assert.Equal(PublishOutcome.Confirmed, await transport.PublishAsync(Message(Topic, "m1", key: "k", body: new string('x', transport.MaxBodyBytes)), Cancel));
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused_by_the_client()
    {
        var transport = await StartAsync();
        var message = Message(Topic, "m1");
        message = message with { Envelope = message.Envelope with { Headers = new Dictionary<string, string> { ["large"] = new('x', 1_100_000) } } };

        var outcome = await transport.PublishAsync(message, Cancel);

        Assert.Equal(PublishStatus.Refused, outcome.Status);
        Assert.Contains("max.message.bytes", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_broker_finds_too_large_is_refused()
    {
        const int MessageTooLarge = 10;
        var transport = await StartAsync();
        Cluster.FailNext(KafkaRequest.Produce, MessageTooLarge);

        Assert.Equal(PublishStatus.Refused, (await transport.PublishAsync(Message(Topic, "m1"), Cancel)).Status);
    }

    [Fact]
    public async Task An_unknown_topic_fails_and_says_what_to_do()
    {
        const string Missing = "missing";
        Cluster.FailTopic(Missing, (int)ErrorCode.UnknownTopicOrPart);
        var transport = await StartAsync(options => options.Client["topic.metadata.propagation.max.ms"] = "500");

        var outcome = await transport.PublishAsync(Message(Missing, "m1"), Cancel);

        Assert.Equal(PublishStatus.Failed, outcome.Status);
        Assert.Contains($"Topic '{Missing}' does not exist", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(PublishOutcome.Confirmed, await transport.PublishAsync(Message(Topic, "m2"), Cancel));
    }

    [Fact]
    public async Task A_cluster_that_is_away_costs_no_attempt_and_is_used_again_when_it_is_back()
    {
        var transport = await StartAsync(options => options.ConfirmTimeout = TimeSpan.FromSeconds(1));
        Assert.Equal(PublishOutcome.Confirmed, await transport.PublishAsync(Message(Topic, "m1"), Cancel));
        Cluster.SetDown(1);

        await Eventually.EqualAsync(PublishStatus.Unavailable, async () => (await transport.PublishAsync(Message(Topic, "m2"), Cancel)).Status);
        Cluster.SetUp(1);

        await Eventually.EqualAsync(PublishStatus.Confirmed, async () => (await transport.PublishAsync(Message(Topic, "m2"), Cancel)).Status);
        Assert.Single(Log.AtLeast(LogLevel.Error), line => line.Contains("Local_AllBrokersDown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fatal_error_rebuilds_the_producer()
    {
        Cluster.FailNext(KafkaRequest.InitProducerId, (int)ErrorCode.ClusterAuthorizationFailed);
        var transport = await StartAsync();

        Assert.NotEqual(PublishStatus.Confirmed, (await transport.PublishAsync(Message(Topic, "m1"), Cancel)).Status);

        await Eventually.EqualAsync(PublishStatus.Confirmed, async () => (await transport.PublishAsync(Message(Topic, "m1"), Cancel)).Status);
        Assert.Single(Log.AtLeast(LogLevel.Warning), line => line.Contains("The Kafka producer could not go on and is built anew", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_send_has_an_outcome_also_where_the_transport_closes_first()
    {
        var transport = await StartAsync(options => options.ConfirmTimeout = TimeSpan.FromMinutes(1));
        Cluster.SetDown(1);
        var send = transport.PublishAsync(Message(Topic, "m1"), Cancel);

        await transport.DisposeAsync();

        Assert.NotEqual(PublishStatus.Confirmed, (await send.WaitAsync(Eventually.Long, Cancel)).Status);
    }
}
