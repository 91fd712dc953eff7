using System.Text;

namespace Reliability.Conformance;

/// <summary>A message arrives as it was sent.</summary>
public abstract class TransportRoundTripConformance(ITransportPlace place) : TransportConformance(place)
{
    [Fact]
    public async Task Id_name_key_headers_and_body_arrive_as_they_were_sent()
    {
        var arrived = await RoundTripAsync(new Envelope
        {
            MessageId = "order-1",
            MessageName = "OrderPaid",
            Key = "customer-7",
            Headers = new Dictionary<string, string> { ["traceparent"] = "00-abc-def-01", ["tenant"] = "north" },
            Body = """{"amount":12.50}"""u8.ToArray(),
        });

        Assert.Equal("order-1", arrived.MessageId);
        Assert.Equal("OrderPaid", arrived.MessageName);
        Assert.Equal("customer-7", arrived.Key);
        Assert.Equal("00-abc-def-01", arrived.Headers["traceparent"]);
        Assert.Equal("north", arrived.Headers["tenant"]);
        Assert.Equal("""{"amount":12.50}""", Encoding.UTF8.GetString(arrived.Body.Span));
    }

    [Fact]
    public async Task What_was_not_given_is_not_there()
    {
        var arrived = await RoundTripAsync(new Envelope { MessageId = "bare", Body = "{}"u8.ToArray() });

        Assert.Null(arrived.MessageName);
        Assert.Null(arrived.Key);
        Assert.Empty(arrived.Headers);
    }

    [Fact]
    public async Task The_transport_adds_no_header_of_its_own()
    {
        var arrived = await RoundTripAsync(Message("one") with { Key = "k", Headers = new Dictionary<string, string> { ["mine"] = "1" } });

        Assert.Equal(["mine"], arrived.Headers.Keys);
    }

    [Fact]
    public async Task An_empty_body_stays_empty()
    {
        var arrived = await RoundTripAsync(new Envelope { MessageId = "empty", Body = ReadOnlyMemory<byte>.Empty });

        Assert.Equal(0, arrived.Body.Length);
    }

    [Fact]
    public async Task Every_byte_survives()
    {
        var body = Enumerable.Range(0, 1024).Select(number => (byte)number).ToArray();

        var arrived = await RoundTripAsync(new Envelope { MessageId = "binary", Body = body });

        Assert.Equal(body, arrived.Body.ToArray());
    }

    [Fact]
    public async Task Text_beyond_ASCII_survives_everywhere()
    {
        const string Text = "Größe 数量 🧾";

        var arrived = await RoundTripAsync(Message(Text, Text) with
        {
            MessageName = Text,
            Key = Text,
            Headers = new Dictionary<string, string> { ["größe"] = Text },
        });

        Assert.Equal(Text, arrived.MessageId);
        Assert.Equal(Text, arrived.MessageName);
        Assert.Equal(Text, arrived.Key);
        Assert.Equal(Text, arrived.Headers["größe"]);
        Assert.Equal(Text, Encoding.UTF8.GetString(arrived.Body.Span));
    }

    [Fact]
    public async Task Empty_and_many_headers_survive()
    {
        var headers = Enumerable.Range(0, 50).ToDictionary(number => $"header-{number}", number => number == 0 ? "" : new string('x', number));

        var arrived = await RoundTripAsync(Message("headers") with { Headers = headers });

        Assert.Equal(headers, arrived.Headers);
    }

    [Fact]
    public async Task A_megabyte_arrives_whole()
    {
        var body = new byte[1024 * 1024];
        new Random(1).NextBytes(body);

        var arrived = await RoundTripAsync(new Envelope { MessageId = "large", Body = body });

        Assert.True(body.AsSpan().SequenceEqual(arrived.Body.Span));
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken()
    {
        var arrived = await RoundTripAsync(new Envelope { MessageId = "limit", Body = new byte[Transport.MaxBodyBytes] });

        Assert.Equal(Transport.MaxBodyBytes, arrived.Body.Length);
    }

    [Fact]
    public async Task Bodies_stay_what_they_were_while_others_arrive()
    {
        await PublishAsync(60, "kept");
        await using var subscription = await SubscribeAsync(prefetch: 100);

        // All are held before any is looked at: a transport that lends its buffers would have overwritten the first ones.
        var deliveries = await ReceiveAsync(subscription, 60);

        Assert.All(deliveries, delivery => Assert.Equal("{}", Encoding.UTF8.GetString(delivery.Envelope.Body.Span)));
        Assert.Equal(Numbered(60, "kept"), Ids(deliveries));
    }

    [Fact]
    public async Task A_received_message_can_be_published_again_as_it_is()
    {
        var sent = Message("again") with { Key = "k", Headers = new Dictionary<string, string> { ["mine"] = "1" } };
        await PublishAsync(sent);
        await using var subscription = await SubscribeAsync();
        var first = await ReceiveAsync(subscription);

        await PublishAsync(first.Envelope);
        await SettleAsync(subscription, first);
        var second = await ReceiveAsync(subscription);

        Assert.Equal("again", second.Envelope.MessageId);
        Assert.Equal("k", second.Envelope.Key);
        Assert.Equal(sent.Headers, second.Envelope.Headers);
    }

    private async Task<Envelope> RoundTripAsync(Envelope sent)
    {
        await PublishAsync(sent);
        await using var subscription = await SubscribeAsync();
        var delivery = await ReceiveAsync(subscription);
        Assert.Equal(Source, delivery.Source);
        await SettleAsync(subscription, delivery);
        return delivery.Envelope;
    }
}
