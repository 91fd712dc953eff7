using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests;

public sealed class TroubleTests : OnMockKafka
{
    private const string Topic = "orders";

    [Fact]
    public async Task A_broker_that_is_away_at_start_is_waited_for_without_a_flood_of_errors()
    {
        Cluster.CreateTopic(Topic, 1);
        Cluster.SetDown(1);
        var transport = await StartAsync(options =>
        {
            options.ConfirmTimeout = TimeSpan.FromSeconds(2);
            options.Client["reconnect.backoff.max.ms"] = "200";
        });
        await using var subscription = await SubscribeAsync(transport, Topic);
        var first = await transport.PublishAsync(Message(Topic, "early"), Cancel);

        Cluster.SetUp(1);
        await Eventually.EqualAsync(PublishStatus.Confirmed, async () => (await transport.PublishAsync(Message(Topic, "late"), Cancel)).Status);

        Assert.Equal(PublishStatus.Unavailable, first.Status);
        Assert.Equal(["late"], Ids(await ReadAsync(subscription, 1)));
        var errors = Log.AtLeast(LogLevel.Error);
        Assert.Equal(errors.Distinct(), errors);
        Assert.Contains(errors, line => line.Contains(Cluster.BootstrapServers, StringComparison.Ordinal) && line.Contains("KafkaOptions.BootstrapServers", StringComparison.Ordinal));
        Assert.Contains(Log.AtLeast(LogLevel.Information), line => line.Contains("works again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_named_in_the_error()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var transport = await StartAsync(options =>
        {
            options.BootstrapServers = $"127.0.0.1:{port}";
            options.ConfirmTimeout = TimeSpan.FromSeconds(1);
        });

        var outcome = await transport.PublishAsync(Message(Topic, "m1"), Cancel);

        Assert.Equal(PublishStatus.Unavailable, outcome.Status);
        Assert.Contains(Log.AtLeast(LogLevel.Error), line => line.Contains($"127.0.0.1:{port}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Credentials_that_a_broker_does_not_take_are_an_error_and_never_logged()
    {
        var transport = await StartAsync(options =>
        {
            options.ConfirmTimeout = TimeSpan.FromSeconds(1);
            options.Client["security.protocol"] = "sasl_plaintext";
            options.Client["sasl.mechanism"] = "PLAIN";
            options.Client["sasl.username"] = "us3r";
            options.Client["sasl.password"] = "s3cret";
        });
        await using var subscription = await SubscribeAsync(transport, Topic);

        var outcome = await transport.PublishAsync(Message(Topic, "m1"), Cancel);

        Assert.Equal(PublishStatus.Unavailable, outcome.Status);
        Assert.Contains(Log.AtLeast(LogLevel.Error), line => line.Contains("Check the sasl.* and ssl.* settings in KafkaOptions.Client", StringComparison.Ordinal));
        Assert.DoesNotContain(Log.AtLeast(LogLevel.Trace), line => line.Contains("s3cret", StringComparison.Ordinal));
        Assert.DoesNotContain("s3cret", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_unknown_to_the_broker_is_said_once_and_received_once_it_is_there()
    {
        Cluster.FailTopic(Topic, (int)ErrorCode.UnknownTopicOrPart);
        var transport = await StartAsync(options => options.Client["topic.metadata.refresh.interval.ms"] = "500");
        await using var subscription = await SubscribeAsync(transport, Topic);
        await Eventually.IsTrueAsync(() => Log.AtLeast(LogLevel.Error).Any(line => line.Contains($"topic '{Topic}'", StringComparison.Ordinal)), "said");

        Cluster.FailTopic(Topic, 0);
        await SendAsync(transport, Topic, ["m1"]);

        Assert.Equal(["m1"], Ids(await ReadAsync(subscription, 1)));
        Assert.Single(Log.AtLeast(LogLevel.Error), line => line.Contains("Create the topic", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Topics_that_one_disk_can_lose_are_warned_of_at_start()
    {
        Cluster.CreateTopic(Topic, 1);

        await StartAsync(options => options.Topics = KafkaTopicCheck.Verify, Topic, "absent");

        await Eventually.IsTrueAsync(() => Warns($"Topic '{Topic}' has 1 replica(s)"), "warned of one replica");
        await Eventually.IsTrueAsync(() => Warns("Topic 'absent' does not exist"), "warned of the missing topic");
    }

    [Fact]
    public async Task Topics_that_one_disk_can_lose_end_the_start_where_better_ones_are_required()
    {
        Cluster.CreateTopic(Topic, 1);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(options => options.Topics = KafkaTopicCheck.Require, Topic, "absent"));

        Assert.Contains($"Topic '{Topic}' has 1 replica(s)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Topic 'absent' does not exist: create it", refused.Message, StringComparison.Ordinal);
        Assert.Contains("KafkaOptions.Topics is Require", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consumer_that_the_group_fences_is_built_anew_and_loses_nothing()
    {
        Cluster.CreateTopic(Topic, 1);
        var transport = await StartAsync(options => options.Client["group.instance.id"] = "worker-1");
        await using var subscription = await SubscribeAsync(transport, Topic);
        await SendAsync(transport, Topic, ["before"]);
        await ReadAsync(subscription, 1);

        Cluster.FailNext(Services.KafkaRequest.Heartbeat, (int)ErrorCode.FencedInstanceId);
        await SendAsync(transport, Topic, ["after"]);
        await Eventually.IsTrueAsync(() => Log.AtLeast(LogLevel.Error).Any(line => line.StartsWith($"Receiving from topic '{Topic}' failed", StringComparison.Ordinal)), "said");

        var ids = new HashSet<string>();
        while (!ids.SetEquals(["before", "after"]))
        {
            ids.UnionWith(Ids(await ReadAsync(subscription, 1)));
        }
    }

    [Fact]
    public async Task A_topic_created_anew_under_a_running_consumer_is_received_from_its_beginning()
    {
        Cluster.CreateTopic(Topic, 1);
        var transport = await StartAsync(options => options.Client["topic.metadata.refresh.interval.ms"] = "500");
        await using var subscription = await SubscribeAsync(transport, Topic);
        await SendAsync(transport, Topic, ["0", "1", "2"]);
        await subscription.SettleAsync(await ReadAsync(subscription, 3), Cancel);
        await Eventually.EqualAsync(3L, () => Committed(Topic));

        Cluster.DeleteTopic(Topic);
        Cluster.CreateTopic(Topic, 1);
        await Eventually.EqualAsync(PublishStatus.Confirmed, async () => (await transport.PublishAsync(Message(Topic, "new", key: "one"), Cancel)).Status);

        Assert.Equal(["new"], Ids(await ReadAsync(subscription, 1)));
    }

    [Fact]
    public async Task A_pattern_is_no_source()
    {
        var transport = await StartAsync();

        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await SubscribeAsync(transport, "^orders.*"));

        Assert.Contains("names one topic", error.Message, StringComparison.Ordinal);
    }

    private bool Warns(string text) => Log.AtLeast(LogLevel.Warning).Any(line => line.Contains(text, StringComparison.Ordinal));
}
