using System.Text;

namespace Reliability.Tests;

/// <summary>Whatever arrives is handled or kept with its reason; what follows it is handled all the same.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string, string?, string, DeadLetterReason> Unusable => new()
    {
        { "not JSON", "Paid", "{ this is no JSON", DeadLetterReason.Undecodable },
        { "another shape", "Paid", "[1, 2, 3]", DeadLetterReason.Undecodable },
        { "a member of another type", "Paid", """{"Order":"1","Amount":"much"}""", DeadLetterReason.Undecodable },
        { "the literal null", "Paid", "null", DeadLetterReason.Undecodable },
        { "an empty body", "Paid", "", DeadLetterReason.EmptyBody },
        { "no dedupe member", "Paid", """{"Customer":"anna"}""", DeadLetterReason.MissingDedupeKey },
        { "an empty dedupe member", "Paid", """{"Order":""}""", DeadLetterReason.MissingDedupeKey },
        { "a message of another name", "Refunded", """{"Order":"1"}""", DeadLetterReason.NoHandler },
        { "a huge body", "Paid", "\"" + new string('x', 2048) + "\"", DeadLetterReason.TooLarge },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task What_no_handler_can_take_is_a_dead_letter_and_the_next_message_is_handled(string what, string? name, string body, DeadLetterReason reason)
    {
        await using var application = await new TestApplication()
            .With(reliability => reliability.Configure(options => options.MaxBodyBytes = 2048))
            .Handle((paid, context) =>
            {
                context.Effect(paid.Order);
                return ValueTask.CompletedTask;
            })
            .StartAsync();
        var envelope = new Envelope { MessageId = "bad-1", MessageName = name, Body = Encoding.UTF8.GetBytes(body) };

        await DeliverRawAsync(application, envelope);
        await application.PublishAsync(new Paid("good"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.True(letter.Reason == reason, $"{what}: {letter.Reason}: {letter.Error}");
        Assert.Equal(("bad-1", "paid", body), (letter.Envelope.MessageId, letter.Source, Encoding.UTF8.GetString(letter.Envelope.Body.Span)));
        Assert.Equal(["good"], await application.EffectsAsync(1));
        Assert.Contains(application.Logs.Lines, line =>
            line.StartsWith("Error: Message bad-1 from local 'paid' is a dead letter", StringComparison.Ordinal));
        await application.SettledAsync();
    }

    [Fact]
    public async Task Neither_logs_nor_errors_quote_a_body()
    {
        await using var application = await new TestApplication().Handle((_, _) => ValueTask.CompletedTask).StartAsync();

        await application.DeliverAsync(new Envelope { MessageId = "1", MessageName = "Paid", Body = """{"Order":"1","Amount":"card-4711-secret"}"""u8.ToArray() });

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.DoesNotContain("card-4711", letter.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(application.Logs.Lines, line => line.Contains("card-4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_without_a_name_goes_to_the_only_handler_of_its_queue()
    {
        await using var application = await new TestApplication().Handle((paid, context) =>
        {
            context.Effect(paid.Order);
            return ValueTask.CompletedTask;
        }).StartAsync();

        await application.DeliverAsync(new Envelope { MessageId = "", Body = """{"Order":"1"}"""u8.ToArray() });

        Assert.Equal(["1"], await application.EffectsAsync(1));
    }

    [Fact]
    public async Task Without_a_dedupe_member_a_missing_message_id_is_a_dead_letter_that_says_what_to_do()
    {
        await using var application = await new TestApplication().With(reliability =>
        {
            var handler = new DelegateHandler<Paid>(TestJson.Default.Paid, (_, _) => ValueTask.CompletedTask);
            reliability.AddHandler(new HandlerDescriptor("Test.ById", TransportNames.Local, "paid", handler));
        }).StartAsync();

        await application.DeliverAsync(new Envelope { MessageId = "", MessageName = "Paid", Body = """{"Order":"1"}"""u8.ToArray() });

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal(DeadLetterReason.MissingDedupeKey, letter.Reason);
        Assert.Contains("set DedupeKey to a member", letter.Error, StringComparison.Ordinal);
    }

    /// <summary>Written past the transport's own limit, as a row of an older configuration would be.</summary>
    private static async Task DeliverRawAsync(TestApplication application, Envelope envelope)
    {
        await using var work = await application.Store.BeginAsync(TestContext.Current.CancellationToken);
        var row = new OutboxRow { Transport = TransportNames.Local, Route = "paid", Envelope = envelope };
        await work.AddToOutboxAsync([row], lease: null, TestContext.Current.CancellationToken);
        await work.CommitAsync(TestContext.Current.CancellationToken);
    }
}
