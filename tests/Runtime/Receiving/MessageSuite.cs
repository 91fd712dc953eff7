using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests.Receiving;

/// <summary>Expired messages, long keys, renamed and removed handlers, and what is reported of messages.</summary>
public abstract class MessageSuite
{
    private readonly Func<TestPlace> _open;

    private protected MessageSuite(Func<TestPlace> open) => _open = open;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_whose_time_is_over_is_a_dead_letter_and_its_handler_does_not_run()
    {
        await using var place = _open();
        await using var application = await Recording(place).StartAsync();

        await application.DeliverAsync(Message("late", DateTimeOffset.UtcNow.AddSeconds(-1).ToString("O", CultureInfo.InvariantCulture)));
        await application.DeliverAsync(Message("in time", DateTimeOffset.UtcNow.AddHours(1).ToString("O", CultureInfo.InvariantCulture)));
        await application.DeliverAsync(Message("no time at all", "soon"));

        Assert.Equal(["in time", "no time at all"], (await application.EffectsAsync(2)).Order());
        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((DeadLetterReason.Expired, "late", 0), (letter.Reason, letter.DedupeKey, letter.Attempts));
        Assert.Contains("Its sender wanted it handled before", letter.Error, StringComparison.Ordinal);
        await application.SettledAsync();
    }

    [Fact]
    public async Task A_second_delivery_after_its_time_of_what_was_handled_in_time_is_a_duplicate()
    {
        await using var place = _open();
        await using var application = await Recording(place).StartAsync();
        var expires = DateTimeOffset.UtcNow.AddMilliseconds(1500);
        var message = Message("1", expires.ToString("O", CultureInfo.InvariantCulture));

        await application.DeliverAsync(message);
        Assert.Equal(["1"], await application.EffectsAsync(1));
        await Eventually.GetAsync(() => Task.FromResult(DateTimeOffset.UtcNow), now => now > expires);
        await application.DeliverAsync(message);

        await Eventually.GetAsync(async () => (await application.Store.Inbox.CountAsync(Cancellation)).Single().Duplicates, count => count == 1);
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task A_second_copy_of_what_waits_for_its_next_attempt_does_not_run()
    {
        await using var place = _open();
        var runs = 0;
        await using var application = await new TestApplication(place)
            .With(reliability => reliability.Configure(options => (options.Retry.BaseDelay, options.Retry.MaxDelay) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1))))
            .Handle((_, _) => throw new InvalidOperationException($"run {Interlocked.Increment(ref runs)}")).StartAsync();
        await application.DeliverAsync(Message("1", "soon"));
        // The second attempt comes at once; only the third has to wait.
        await Eventually.GetAsync(() => Task.FromResult(Volatile.Read(ref runs)), count => count == 2);

        await application.DeliverAsync(Message("1", "soon"));

        await Eventually.GetAsync(async () => (await application.Store.Inbox.CountAsync(Cancellation)).Single().Duplicates, count => count == 1);
        Assert.Equal((2, 1), (runs, await application.Store.CountDeferredAsync(Cancellation)));
    }

    [Fact]
    public async Task A_dedupe_key_of_any_length_identifies_its_operation()
    {
        await using var place = _open();
        await using var application = await Recording(place, failFirst: true).StartAsync();
        var (one, other) = (new string('k', 50_000), new string('k', 50_001));

        await application.PublishAsync(new Paid(one), new Paid(other), new Paid(one));

        await application.EffectsAsync(2);
        await application.SettledAsync();
        Assert.Equal([50_000, 50_001], (await application.EffectsAsync()).Select(effect => effect.Length).Order());
    }

    [Fact]
    public async Task Keys_in_any_writing_keep_messages_apart()
    {
        await using var place = _open();
        await using var application = await Recording(place, failFirst: true).StartAsync();
        string[] keys = ["é", "e\u0301", "ж", "💌", "a b", "a'b", "a\"b", "a\\b", "a\tb", "%_", "A", "a", "a\0b", "a\0c", "{}", "\u200b", "NULL"];

        await application.PublishAsync(keys.Select(key => new Paid(key, key)));

        await application.EffectsAsync(keys.Length);
        await application.SettledAsync();
        Assert.Equal(keys.Order(StringComparer.Ordinal), (await application.EffectsAsync()).Select(text => text.Replace("[nul]", "\0", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_renamed_handler_that_names_its_old_name_goes_on_with_what_waits_and_knows_what_was_handled()
    {
        await using var place = _open();
        await using (var before = await Failing(place, "Old.Name", "waits").StartAsync())
        {
            await before.PublishAsync(new Paid("handled"), new Paid("waits"));
            Assert.Equal(["handled"], await before.EffectsAsync(1));
            await Eventually.GetAsync(async () => await before.Store.CountDeferredAsync(Cancellation), count => count == 1);
        }

        await using var after = await Failing(place, "New.Name", null, "Old.Name").StartAsync();
        await after.PublishAsync(new Paid("handled"));

        Assert.Equal(["handled", "waits"], await after.EffectsAsync(2));
        await after.SettledAsync();
        Assert.Equal(["handled", "waits"], await after.EffectsAsync());
    }

    [Fact]
    public async Task Messages_that_wait_for_a_handler_that_is_gone_are_kept_and_told_of_at_the_start()
    {
        await using var place = _open();
        await using (var before = await Failing(place, "Gone.Handler", "waits").StartAsync())
        {
            await before.PublishAsync(new Paid("waits"));
            await Eventually.GetAsync(async () => await before.Store.CountDeferredAsync(Cancellation), count => count == 1);
        }

        await using (var after = await Recording(place).StartAsync())
        {
            await after.LoggedAsync("Warning: 1 messages wait", "for another attempt of 'Gone.Handler'", "FormerNames");
            await after.PublishAsync(new Paid("other"));
            Assert.Equal(["other"], await after.EffectsAsync(1));
            Assert.Equal(1, await after.Store.CountDeferredAsync(Cancellation));
        }

        await using var back = await Failing(place, "Gone.Handler", null).StartAsync();
        Assert.Equal(["other", "waits"], await back.EffectsAsync(2));
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_and_back_neither_loses_nor_doubles_a_message()
    {
        await using var place = _open();
        var clock = new JumpingTime();
        await using var application = await Recording(place).With(reliability => reliability.Services.AddSingleton<TimeProvider>(clock)).StartAsync();
        var number = 0;
        foreach (var hours in new[] { 0, 5, -5, 0 })
        {
            clock.Offset = TimeSpan.FromHours(hours);
            await application.PublishAsync(Enumerable.Range(number, 50).Select(order => new Paid($"{order}")));
            number += 50;
        }

        await application.EffectsAsync(200);
        await application.SettledAsync();
        Assert.Equal(Enumerable.Range(0, 200).Select(order => $"{order}").Order(), (await application.EffectsAsync()).Order());
    }

    [Fact]
    public async Task With_audit_on_a_message_can_be_asked_for_by_its_id()
    {
        await using var place = _open();
        await using var application = await Failing(place, "Test.Paid", "bad", attempts: 2).With(reliability => reliability.Configure(options => options.Audit.Enabled = true)).StartAsync();

        await application.DeliverAsync(Message("good", null));
        await application.DeliverAsync(Message("bad", null));
        await application.DeliverAsync(Message("unreadable", null) with { Body = "{"u8.ToArray() });
        await application.DeadLettersAsync(2);
        await application.EffectsAsync(1);

        Assert.Equal((MessageState.Consumed, null), await StateAsync(application, "good"));
        Assert.Equal((MessageState.ConsumptionFailed, "AttemptsExhausted"), await StateAsync(application, "bad"));
        Assert.Equal((MessageState.ConsumptionFailed, "Undecodable"), await StateAsync(application, "unreadable"));
    }

    [Fact]
    public async Task Without_audit_nothing_is_kept()
    {
        await using var place = _open();
        await using var application = await Recording(place).StartAsync();

        await application.DeliverAsync(Message("good", null));
        await application.EffectsAsync(1);
        await application.SettledAsync();

        Assert.Null(await application.Store.Audit.FindAsync("good", Cancellation));
    }

    private static async Task<(MessageState, string?)> StateAsync(TestApplication application, string id)
    {
        var status = await application.Store.Audit.FindAsync(id, Cancellation);
        Assert.NotNull(status);
        var receipt = Assert.Single(status.Receipts);
        Assert.Equal("Test.Paid", receipt.Consumer);
        return (status.State, receipt.Reason);
    }

    private static Envelope Message(string order, string? expires) => new()
    {
        MessageId = order,
        MessageName = "Paid",
        Headers = expires is null ? Envelope.NoHeaders : new Dictionary<string, string> { ["reliability-expires-at"] = expires },
        Body = System.Text.Encoding.UTF8.GetBytes($$"""{"Order":"{{order}}"}"""),
    };

    private static TestApplication Recording(TestPlace place, bool failFirst = false) => new TestApplication(place).Handle((paid, context) =>
    {
        // Which PostgreSQL keeps in no text.
        context.Effect(paid.Order.Replace("\0", "[nul]", StringComparison.Ordinal));
        return failFirst && context.Message.Attempt == 1 ? throw new InvalidOperationException("not yet") : ValueTask.CompletedTask;
    }, ordered: failFirst);

    private static TestApplication Failing(TestPlace place, string name, string? bad, string? former = null, int attempts = 1000) => new TestApplication(place).Handle((paid, context) =>
    {
        context.Effect(paid.Order);
        return paid.Order == bad ? throw new InvalidOperationException("not yet") : ValueTask.CompletedTask;
    }, handler => handler with { Name = name, FormerNames = former is null ? [] : [former], Attempts = attempts });

    private sealed class JumpingTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
