using System.Text;

namespace Reliability.Conformance;

/// <summary>Whatever a sender puts into a message comes out again, from each of the three tables that keep messages.</summary>
public abstract class EnvelopeConformance(IStorePlace place) : StoreConformance(place)
{
    public static TheoryData<string> Cases => [.. Envelopes.Keys];

    private static Dictionary<string, Envelope> Envelopes { get; } = new()
    {
        ["bare"] = new() { MessageId = "", Body = ReadOnlyMemory<byte>.Empty },
        ["empty name and key"] = Message("m") with { MessageName = "", Key = "" },
        ["every byte"] = Message("m") with { Body = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray() },
        ["one megabyte"] = Message("m") with { Body = Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 31 >> 3)).ToArray() },
        ["part of a buffer"] = Message("m") with { Body = Encoding.UTF8.GetBytes("leftBODYright").AsMemory(4, 4) },
        ["unicode"] = Message("mö-消息-😀") with { MessageName = "Zahlung.€", Key = "Ünïcode\u202e", Headers = new Dictionary<string, string> { ["schlüssel-键"] = "wert-😀" } },
        ["hostile to SQL"] = Message("'); DROP TABLE effect; --") with
        {
            MessageName = "\"x\" OR '1'='1",
            Key = "\\'; SELECT 1; /* ? $1 @p1 :p {0} */",
            Headers = new Dictionary<string, string> { ["'; --"] = "\"}, {\"" },
        },
        ["control characters"] = Message("a\0b\r\n\t\u0001") with { MessageName = "n\0n", Key = "\0", Headers = new Dictionary<string, string> { ["a\0"] = "\0\u001f\u007f" } },
        ["odd headers"] = Message("m") with
        {
            Headers = new Dictionary<string, string> { [""] = "", ["A"] = "upper", ["a"] = "lower", ["$type"] = "null", ["long"] = new string('x', 100_000) },
        },
        ["long id"] = Message(new string('i', 20_000)),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_outbox_gives_back_what_it_was_given(string name)
    {
        var envelope = Envelopes[name];
        var row = new OutboxRow { Transport = TransportNames.Local, Route = "queue", Envelope = envelope };
        await CommitAsync(work => work.AddToOutboxAsync([row], null, Cancellation));

        var claimed = await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.Local, "queue", 1, Minute), Cancellation);

        AssertSame(envelope, Assert.Single(claimed).Envelope);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_deferral_gives_back_what_it_was_given(string name)
    {
        var envelope = Envelopes[name];
        var message = Deferred(envelope.MessageId, orderKey: envelope.Key) with { Envelope = envelope };
        await CommitAsync(work => work.DeferAsync(message, TimeSpan.Zero, Cancellation));

        var claimed = (await Store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).Message;

        Assert.NotNull(claimed);
        Assert.Equal((message.DedupeKey, message.OrderKey), (claimed.DedupeKey, claimed.OrderKey));
        AssertSame(envelope, claimed.Envelope);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_dead_letters_give_back_what_they_were_given(string name)
    {
        var envelope = Envelopes[name];
        var letter = Letter(envelope.MessageId) with { Envelope = envelope };
        await CommitAsync(work => work.AddDeadLetterAsync(letter, Cancellation));

        var kept = Assert.Single(await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 10, Cancellation));

        Assert.Equal(letter.DedupeKey, kept.DedupeKey);
        AssertSame(envelope, kept.Envelope);
    }
}
