using System.Text;
using RabbitMQ.Client;

namespace Reliability.Tests;

/// <summary>What is on the wire: what we write, and what strangers may have written.</summary>
public sealed class WireTests : BrokerTest
{
    [Fact]
    public async Task Messages_are_persistent_and_carry_id_type_content_type_and_time()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        await PublishAsync(transport, queue, "wired");

        await using var raw = await RawAsync();
        var properties = (await raw.Channel.BasicGetAsync(queue, autoAck: false, Cancellation))!.BasicProperties;

        Assert.True(properties.Persistent);
        Assert.Equal("wired", properties.MessageId);
        Assert.Equal("Tested", properties.Type);
        Assert.Equal("application/json", properties.ContentType);
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(properties.Timestamp.UnixTime), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.True(properties.Headers is null || !properties.Headers.ContainsKey(Constants.PublishSequenceNumberHeader));
    }

    [Fact]
    public async Task A_cloud_events_attributes_are_application_properties_and_no_expiration_is_written()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        var at = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        var message = new OutgoingMessage(queue, Message("event") with { Headers = new Dictionary<string, string> { ["cloudEvents:type"] = "kept" } })
        {
            CloudEvent = new CloudEvent("event", "/shop", "com.example.Paid", at),
            ExpiresAt = at.AddYears(10),
        };
        Assert.Equal(PublishOutcome.Confirmed, await transport.PublishAsync(message, Cancellation));

        await using var raw = await RawAsync();
        var properties = (await raw.Channel.BasicGetAsync(queue, autoAck: true, Cancellation))!.BasicProperties;

        string Attribute(string name) => Encoding.UTF8.GetString((byte[])properties.Headers!["cloudEvents:" + name]!);
        Assert.Equal(("event", "/shop", "1.0", "2026-03-04T05:06:07.000Z"), (Attribute("id"), Attribute("source"), Attribute("specversion"), Attribute("time")));
        // An event that is sent on as it came keeps its own attributes.
        Assert.Equal("kept", Attribute("type"));
        Assert.Equal("application/json", properties.ContentType);
        Assert.False(properties.IsExpirationPresent());
    }

    [Fact]
    public async Task A_message_without_any_properties_is_received()
    {
        var (subscription, raw, queue) = await StrangerAsync();
        await using var _ = subscription;
        await using var __ = raw;
        await raw.Channel.BasicPublishAsync("", queue, "bare"u8.ToArray(), Cancellation);

        var envelope = (await ReceiveAsync(subscription)).Envelope;

        Assert.Equal("", envelope.MessageId);
        Assert.Null(envelope.MessageName);
        Assert.Null(envelope.Key);
        Assert.Empty(envelope.Headers);
        Assert.Equal("bare", Encoding.UTF8.GetString(envelope.Body.Span));
    }

    [Fact]
    public async Task Headers_of_every_type_are_kept_as_text()
    {
        var (subscription, raw, queue) = await StrangerAsync();
        await using var _ = subscription;
        await using var __ = raw;
        var properties = new BasicProperties
        {
            MessageId = "odd",
            Headers = new Dictionary<string, object?>
            {
                ["text"] = "ü",
                ["bytes"] = "raw"u8.ToArray(),
                ["not-utf8"] = new byte[] { 0xC3, 0x28 },
                ["int"] = 42,
                ["long"] = -7L,
                ["double"] = 1.5,
                ["decimal"] = 12.34m,
                ["bool"] = true,
                ["time"] = new AmqpTimestamp(0),
                ["far-time"] = new AmqpTimestamp(long.MaxValue),
                ["nothing"] = null,
                ["table"] = new Dictionary<string, object?> { ["a"] = 1 },
                ["array"] = new List<object?> { "a", 1, new Dictionary<string, object?> { ["time"] = new AmqpTimestamp(0), ["on"] = true, ["no"] = null } },
                ["x-dotnet-pub-seq-no"] = 99L,
                ["reliability-key"] = 5,
            },
        };
        await raw.Channel.BasicPublishAsync("", queue, mandatory: true, properties, "{}"u8.ToArray(), Cancellation);

        var envelope = (await ReceiveAsync(subscription)).Envelope;

        Assert.Equal("5", envelope.Key);
        Assert.Equal(
            [
                """array: ["a",1,{"time":"1970-01-01T00:00:00.0000000\u002B00:00","on":true,"no":null}]""",
                "bool: true", "bytes: raw", "decimal: 12.34", "double: 1.5", $"far-time: {long.MaxValue}", "int: 42", "long: -7", "not-utf8: 0xC328",
                """table: {"a":1}""", "text: ü",
                "time: 1970-01-01T00:00:00.0000000+00:00",
            ],
            envelope.Headers.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_body_above_the_clients_default_limit_is_received_and_the_connection_lives()
    {
        var (subscription, raw, queue) = await StrangerAsync();
        await using var _ = subscription;
        await using var __ = raw;
        var body = new byte[65 * 1024 * 1024];
        await raw.Channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { MessageId = "huge" }, body, Cancellation);
        await raw.Channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties { MessageId = "next" }, "{}"u8.ToArray(), Cancellation);

        Assert.Equal(body.Length, (await ReceiveAsync(subscription)).Envelope.Body.Length);
        Assert.Equal("next", (await ReceiveAsync(subscription)).Envelope.MessageId);
        Assert.Single(Log.All, line => line.Contains("receiving from queue"));
    }

    [Fact]
    public async Task A_returned_message_says_the_brokers_code_the_route_and_what_to_do()
    {
        var transport = await StartAsync([]);

        var outcome = await TryPublishAsync(transport, "no-such-queue", "lost");

        Assert.Equal(PublishStatus.Failed, outcome.Status);
        Assert.Equal("returned: 312 NO_ROUTE: no queue takes it by queue 'no-such-queue' (default exchange). Declare or bind one, or correct the route", outcome.Reason);
    }

    [Fact]
    public async Task Messages_without_ids_are_told_apart_from_returned_ones()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => TryPublishAsync(transport, number % 2 == 0 ? queue : "no-such-queue", "")));

        Assert.All(outcomes.Where((_, number) => number % 2 == 0), outcome => Assert.Equal(PublishOutcome.Confirmed, outcome));
        Assert.All(outcomes.Where((_, number) => number % 2 == 1), outcome => Assert.Equal(PublishStatus.Failed, outcome.Status));
    }

    [Fact]
    public async Task A_nacked_message_has_failed()
    {
        var queue = NewQueue();
        await using var raw = await RawAsync();
        var arguments = new Dictionary<string, object?> { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" };
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancellation);
        var transport = await StartAsync([queue], configure: options => options.Topology = RabbitMqTopology.Verify);

        var first = await TryPublishAsync(transport, queue, "fits");
        var second = await TryPublishAsync(transport, queue, "full");

        Assert.Equal(PublishOutcome.Confirmed, first);
        Assert.Equal(PublishStatus.Failed, second.Status);
        Assert.Contains("nacked", second.Reason);
    }

    [Fact]
    public async Task After_nacks_a_new_channel_takes_over_and_every_message_has_its_outcome()
    {
        var queue = NewQueue();
        await using var raw = await RawAsync();
        var arguments = new Dictionary<string, object?> { ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" };
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancellation);
        var transport = await StartAsync([queue], configure: options => options.Topology = RabbitMqTopology.Verify);
        var outcomes = new List<PublishOutcome>();

        while (!Log.All.Any(line => line.Contains("takes the place of one that nacked")))
            outcomes.AddRange(await Task.WhenAll(Enumerable.Range(0, 20).Select(number => TryPublishAsync(transport, queue, $"m{number}"))));

        Assert.All(outcomes, outcome => Assert.True(outcome.Status is PublishStatus.Confirmed or PublishStatus.Failed, outcome.Reason));
        await raw.Channel.QueuePurgeAsync(queue, Cancellation);
        await PublishAsync(transport, queue, "after");
        await using var subscription = await SubscribeAsync(transport, queue);
        await ReceiveAllAsync(subscription, ["after"]);
    }

    [Fact]
    public async Task What_would_close_the_channel_is_refused_before_it_is_sent()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        await PublishAsync(transport, queue, "warm");

        await RefusedAsync(queue, Message(new string('i', 256)), "message id has 256 bytes");
        await RefusedAsync(queue, Message(new string('ü', 128)), "message id has 256 bytes");
        await RefusedAsync(queue, Message("name") with { MessageName = new string('n', 300) }, "message name has 300 bytes");
        await RefusedAsync(new string('q', 256), Message("route"), "routing key has 256 bytes");
        await RefusedAsync(new string('x', 256) + "/key", Message("route"), "exchange has 256 bytes");
        await RefusedAsync("", Message("route"), "the route is empty");
        await RefusedAsync(queue, Headers("CC", "elsewhere"), "header 'CC'");
        await RefusedAsync(queue, Headers(new string('h', 256), "v"), "header name has 256 bytes");
        await RefusedAsync(queue, Headers("large", new string('v', 200_000)), "the headers and the key have 200,005 bytes");

        Assert.Equal(PublishOutcome.Confirmed, await TryPublishAsync(transport, queue, "after"));
        Assert.DoesNotContain(Log.All, line => line.Contains("was closed"));

        async Task RefusedAsync(string route, Envelope envelope, string reason)
        {
            var outcome = await TryPublishAsync(transport, route, envelope);
            Assert.Equal(PublishStatus.Refused, outcome.Status);
            Assert.Contains(reason, outcome.Reason);
        }

        static Envelope Headers(string name, string value) => Message("headers") with { Headers = new Dictionary<string, string> { [name] = value } };
    }

    [Fact]
    public async Task The_largest_texts_and_headers_that_are_let_through_arrive()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        await using var subscription = await SubscribeAsync(transport, queue);
        var sent = Message(new string('i', 255)) with
        {
            MessageName = new string('n', 255),
            Headers = new Dictionary<string, string> { [new string('h', 255)] = new('v', (120 * 1024) - 255) },
        };

        Assert.Equal(PublishOutcome.Confirmed, await TryPublishAsync(transport, queue, sent));

        var arrived = (await ReceiveAsync(subscription)).Envelope;
        Assert.Equal(sent.MessageId, arrived.MessageId);
        Assert.Equal(sent.Headers, arrived.Headers);
    }

    private async Task<(ISubscription Subscription, RawBroker Raw, string Queue)> StrangerAsync()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        var subscription = await SubscribeAsync(transport, queue);
        await LoggedAsync($"receiving from queue '{queue}'");
        return (subscription, await RawAsync(), queue);
    }
}
