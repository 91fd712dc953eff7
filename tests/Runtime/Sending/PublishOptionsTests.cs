using System.Diagnostics;

namespace Reliability.Tests.Sending;

/// <summary>What a sender may say of a message, and what is refused before anything is written.</summary>
public sealed class PublishOptionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, PublishOptions> Refused { get; } = new()
    {
        { "NotBefore is 0001-01-01", new() { NotBefore = default(DateTimeOffset) } },
        { "NotBefore is", new() { NotBefore = DateTimeOffset.UtcNow.AddYears(50) } },
        { "NotBefore and Delay are both set", new() { NotBefore = DateTimeOffset.UtcNow.AddHours(1), Delay = TimeSpan.FromHours(1) } },
        { "Delay is -00:00:01", new() { Delay = TimeSpan.FromSeconds(-1) } },
        { "Delay is", new() { Delay = TimeSpan.MaxValue } },
        { "TimeToLive is -00:00:01", new() { TimeToLive = TimeSpan.FromSeconds(-1) } },
        { "TimeToLive is 00:00:00", new() { TimeToLive = TimeSpan.Zero } },
        { "ExpiresAt is 0001-01-01", new() { ExpiresAt = default(DateTimeOffset) } },
        { "not after NotBefore", new() { ExpiresAt = DateTimeOffset.UtcNow.AddHours(1), NotBefore = DateTimeOffset.UtcNow.AddHours(2) } },
        { "ExpiresAt and TimeToLive are both set", new() { ExpiresAt = DateTimeOffset.UtcNow.AddHours(1), TimeToLive = TimeSpan.FromHours(1) } },
        { "has 1,001 characters; at most 1,000", new() { Key = new string('k', 1001) } },
        { "half a surrogate pair", new() { Key = "\uD800" } },
        { "must be a text of 1 to 255 bytes", new() { MessageId = "" } },
        { "must be a text of 1 to 255 bytes", new() { MessageId = new string('m', 256) } },
        { "has the header 'Reliability-Key', which the library writes itself", Header("Reliability-Key", "x") },
        { "has the header 'traceparent', which the library writes itself", Header("traceparent", "x") },
        { "has the header 'tracestate', which the library writes itself", Header("tracestate", "x") },
        { "name is empty", Header("", "x") },
        { "name is empty, no text", Header("new\nline", "x") },
        { "longer than 255 bytes", Header(new string('ü', 128), "x") },
        { "with a value that is null", Header("null", null!) },
        { "no valid text", Header("half", "\uDC00") },
        { "has 65 headers; at most 64", new() { Headers = Enumerable.Range(0, 65).ToDictionary(number => $"h{number}", _ => "") } },
        { "bytes; at most 32,768", Header("large", new string('x', 33_000)) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_wrong_is_refused_with_what_is_allowed(string says, PublishOptions options)
    {
        await using var application = await Confirming().Application().StartAsync();
        await using var work = await application.Sender().BeginAsync(Cancellation);

        var error = Assert.Throws<ArgumentException>(() => work.Outbox.Publish(new Paid("1"), options));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", error.Message, StringComparison.Ordinal);
        await work.CommitAsync(Cancellation);
        Assert.Equal(0, await application.Store.CountOutboxAsync(Cancellation));
    }

    [Theory]
    [InlineData("no route", "", null)]
    [InlineData("which is not configured", null, "elsewhere")]
    [InlineData("which no [LocalHandler] here handles", "nowhere", "local")]
    public async Task A_message_that_could_never_leave_is_refused(string says, string? route, string? transport)
    {
        await using var application = await Confirming().Application().StartAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { Route = route, Transport = transport }, Cancellation));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_has_passed_is_now()
    {
        var transport = Confirming();
        await using var application = await transport.Application().StartAsync();

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { MessageId = "m1", NotBefore = DateTimeOffset.UtcNow.AddDays(-3) }, Cancellation);

        await application.SettledAsync();
        Assert.Equal(["m1"], transport.Sent);
    }

    [Fact]
    public async Task A_delayed_message_waits_and_is_sent_at_its_time_without_a_search_in_between()
    {
        var transport = Confirming();
        // A search every hour would come too late: the process remembers when its own rows become due.
        await using var application = await transport.Application().With(reliability => reliability.Configure(options =>
            (options.Relay.PollInterval, options.Relay.IdlePollInterval) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1)))).StartAsync();
        var began = Stopwatch.StartNew();

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { Delay = TimeSpan.FromMilliseconds(700) }, Cancellation);
        await application.SettledAsync();

        Assert.InRange(began.Elapsed, TimeSpan.FromMilliseconds(690), TimeSpan.FromMinutes(1));
        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task A_message_that_expires_carries_its_time()
    {
        OutgoingMessage? sent = null;
        var transport = new ScriptedTransport((message, _) =>
        {
            sent = message;
            return Task.FromResult(PublishOutcome.Confirmed);
        });
        await using var application = await transport.Application().StartAsync();
        var at = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(2), TimeSpan.Zero);

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { ExpiresAt = at.ToOffset(TimeSpan.FromHours(5)) }, Cancellation);
        await application.SettledAsync();

        Assert.Equal(at, sent!.Value.ExpiresAt);
        Assert.Equal($"{at:yyyy-MM-dd}T00:00:00.0000000Z", sent.Value.Envelope.Headers[HeaderNames.ExpiresAt]);
    }

    [Fact]
    public async Task A_message_that_expired_before_it_was_sent_is_a_dead_letter_and_not_sent()
    {
        var away = true;
        var transport = new ScriptedTransport((_, _) => Task.FromResult(Volatile.Read(ref away) ? PublishOutcome.Unavailable("away") : PublishOutcome.Confirmed));
        await using var application = await transport.Application().StartAsync();
        await application.Sender().PublishAsync(new Paid("0"), new PublishOptions { MessageId = "before" }, Cancellation);
        await Eventually.GetAsync(() => Task.FromResult(transport.Sent.Count), sent => sent >= 1);

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { MessageId = "late", TimeToLive = TimeSpan.FromMilliseconds(1), Key = "k" }, Cancellation);
        await application.Sender().PublishAsync(new Paid("2"), new PublishOptions { MessageId = "after", Key = "k" }, Cancellation);
        Volatile.Write(ref away, false);

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((true, DeadLetterReason.Expired, "late", 0), (letter.IsOutgoing, letter.Reason, letter.Envelope.MessageId, letter.Attempts));
        await application.SettledAsync();
        Assert.DoesNotContain("late", transport.Sent);
        Assert.Contains("after", transport.Sent);
    }

    [Fact]
    public async Task The_trace_of_whoever_publishes_is_kept_with_the_message()
    {
        OutgoingMessage? sent = null;
        var transport = new ScriptedTransport((message, _) =>
        {
            sent = message;
            return Task.FromResult(PublishOutcome.Confirmed);
        });
        await using var application = await transport.Application().StartAsync();
        using var activity = new Activity("checkout").SetIdFormat(ActivityIdFormat.W3C);
        activity.TraceStateString = "vendor=1";
        activity.Start();

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { Headers = new Dictionary<string, string> { ["mine"] = "too" } }, Cancellation);
        await application.SettledAsync();

        Assert.Equal((activity.Id, "vendor=1", "too"),
            (sent!.Value.Envelope.Headers[HeaderNames.TraceParent], sent.Value.Envelope.Headers[HeaderNames.TraceState], sent.Value.Envelope.Headers["mine"]));
    }

    [Fact]
    public async Task Attributes_of_cloud_events_are_given_to_the_transport()
    {
        OutgoingMessage? sent = null;
        var transport = new ScriptedTransport((message, _) =>
        {
            sent = message;
            return Task.FromResult(PublishOutcome.Confirmed);
        });
        await using var application = await transport.Application().With(reliability => reliability.Configure(options =>
            options.CloudEvents = new CloudEventsOptions { Enabled = true, Source = "/shop/billing", TypePrefix = "com.example." })).StartAsync();

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { MessageId = "m1" }, Cancellation);
        await application.SettledAsync();

        var attributes = sent!.Value.CloudEvent!.Attributes.ToDictionary();
        Assert.Equal(("m1", "/shop/billing", "com.example.Paid", "1.0"), (attributes["id"], attributes["source"], attributes["type"], attributes["specversion"]));
        Assert.InRange(DateTimeOffset.Parse(attributes["time"], System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1));
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await application.Sender().PublishAsync(new Paid("1"), Header("ce_type", "mine"), Cancellation));
        Assert.Contains("which the library writes itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cloud_events_without_a_source_are_refused_at_the_start()
    {
        var application = Confirming().Application().With(reliability => reliability.Configure(options => options.CloudEvents.Enabled = true));

        var error = await Assert.ThrowsAnyAsync<Exception>(application.StartAsync);

        Assert.Contains("ReliabilityOptions.CloudEvents.Source is missing", error.Message, StringComparison.Ordinal);
        await application.DisposeAsync();
    }

    private static PublishOptions Header(string name, string value) => new() { Headers = new Dictionary<string, string> { [name] = value } };

    private static ScriptedTransport Confirming() => new((_, _) => Task.FromResult(PublishOutcome.Confirmed));
}
