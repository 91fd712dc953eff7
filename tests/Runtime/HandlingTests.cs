namespace Reliability.Tests;

public sealed class HandlingTests
{
    [Fact]
    public async Task A_committed_message_is_handled_once()
    {
        await using var application = await new TestApplication().Handle((paid, context) => Run(() => context.Effect(paid.Order))).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("2"), new Paid("3"));

        Assert.Equal(["1", "2", "3"], await application.EffectsAsync(3));
        await application.SettledAsync();
    }

    [Fact]
    public async Task A_unit_of_work_that_is_not_committed_sends_nothing()
    {
        await using var application = await new TestApplication().Handle((paid, context) => Run(() => context.Effect(paid.Order))).StartAsync();
        await using (var work = await application.Sender().BeginAsync(TestContext.Current.CancellationToken))
        {
            work.Outbox.Publish(new Paid("never"));
        }

        await application.PublishAsync(new Paid("after"));

        Assert.Equal(["after"], await application.EffectsAsync(1));
        await application.SettledAsync();
    }

    [Fact]
    public async Task A_second_message_with_the_same_key_and_content_is_dropped_and_counted()
    {
        await using var application = await new TestApplication().Handle((paid, context) => Run(() => context.Effect(paid.Order))).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("1"), new Paid("1"));
        await application.SettledAsync();

        Assert.Equal(["1"], await application.EffectsAsync());
        var count = Assert.Single(await application.Store.Inbox.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(new InboxCount("Test.Paid", Handled: 1, Duplicates: 2), count);
    }

    [Fact]
    public async Task The_same_key_with_another_content_is_a_conflict_kept_as_a_dead_letter()
    {
        await using var application = await new TestApplication().Handle((paid, context) => Run(() => context.Effect(paid.Order))).StartAsync();

        await application.PublishAsync(new Paid("1", Amount: 10), new Paid("1", Amount: 20));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal(DeadLetterReason.Conflict, letter.Reason);
        Assert.Equal("Test.Paid", letter.Handler);
        Assert.Equal("paid", letter.Source);
        Assert.Equal("1", letter.DedupeKey);
        Assert.Equal(["1"], await application.EffectsAsync());
    }

    [Fact]
    public async Task A_failure_keeps_nothing_of_the_handler_and_the_retry_keeps_all_of_it()
    {
        var runs = 0;
        await using var application = await new TestApplication().Handle((paid, context) => Run(() =>
        {
            context.Effect(paid.Order);
            if (++runs < 3)
            {
                throw new InvalidOperationException("not yet");
            }
        })).StartAsync();

        await application.PublishAsync(new Paid("1"));

        await application.EffectsAsync(1);
        await application.SettledAsync();
        Assert.Equal(["1"], await application.EffectsAsync());
        // A lone message that fails is tried in its group of one, and again from deferral.
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task One_failing_message_does_not_hold_up_the_others_of_its_group()
    {
        await using var application = await new TestApplication().Handle((paid, context) => Run(() =>
        {
            context.Effect(paid.Order);
            if (paid.Order == "bad")
            {
                throw new InvalidOperationException("bad");
            }
        }), descriptor => descriptor with { Attempts = 2 }).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("bad"), new Paid("2"));

        await application.DeadLettersAsync(1);
        await application.SettledAsync();
        Assert.Equal(["1", "2"], await application.EffectsAsync());
    }

    [Fact]
    public async Task A_message_that_fails_at_every_attempt_is_a_dead_letter_with_its_history()
    {
        var runs = 0;
        await using var application = await new TestApplication()
            .Handle((_, _) => Run(() => throw new InvalidOperationException($"failure {++runs}")), descriptor => descriptor with { Attempts = 3 })
            .StartAsync();

        await application.PublishAsync(new Paid("1"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal(DeadLetterReason.AttemptsExhausted, letter.Reason);
        Assert.Equal(3, letter.Attempts);
        Assert.Equal(3, runs);
        Assert.Contains("failure 3", letter.Error, StringComparison.Ordinal);
        Assert.Equal("""{"Order":"1","Customer":"anna","Amount":1}"""u8.ToArray(), letter.Envelope.Body.ToArray());
        await application.SettledAsync();
    }

    [Fact]
    public async Task A_handler_may_reject_a_message_at_once()
    {
        var runs = 0;
        await using var application = await new TestApplication().Handle((_, _) => Run(() =>
        {
            runs++;
            throw new MessageRejectedException("The customer is unknown.");
        })).StartAsync();

        await application.PublishAsync(new Paid("1"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((DeadLetterReason.Rejected, "The customer is unknown.", 1), (letter.Reason, letter.Error, runs));
    }

    [Fact]
    public async Task Later_messages_of_an_order_key_wait_behind_a_deferred_one_and_other_keys_go_on()
    {
        var fail = true;
        await using var application = await new TestApplication().Handle((paid, context) => Run(() =>
        {
            context.Effect(paid.Order);
            if (paid.Order == "a1" && Volatile.Read(ref fail))
            {
                throw new InvalidOperationException("not yet");
            }
        }), descriptor => descriptor with { Attempts = 1000 }, ordered: true).StartAsync();

        await application.PublishAsync(new Paid("a1", "a"), new Paid("a2", "a"), new Paid("b1", "b"), new Paid("a3", "a"), new Paid("b2", "b"));
        Assert.Equal(["b1", "b2"], await application.EffectsAsync(2));
        await application.PublishAsync(new Paid("a4", "a"));
        Volatile.Write(ref fail, false);

        await application.EffectsAsync(6);
        await application.SettledAsync();
        Assert.Equal(["b1", "b2", "a1", "a2", "a3", "a4"], await application.EffectsAsync());
    }

    [Fact]
    public async Task A_conflict_with_a_deferred_message_is_a_dead_letter_and_a_duplicate_of_it_is_counted()
    {
        var fail = true;
        await using var application = await new TestApplication().Handle((paid, context) => Run(() =>
        {
            context.Effect($"{paid.Order} {paid.Amount}");
            if (Volatile.Read(ref fail))
            {
                throw new InvalidOperationException("not yet");
            }
        }), descriptor => descriptor with { Attempts = 1000 }, ordered: true).StartAsync();

        await application.PublishAsync(new Paid("1", Amount: 1));
        await Eventually.GetAsync(async () => await application.Store.CountDeferredAsync(TestContext.Current.CancellationToken), count => count == 1);
        await application.PublishAsync(new Paid("1", Amount: 2), new Paid("1", Amount: 1));
        var letter = Assert.Single(await application.DeadLettersAsync(1));
        await Eventually.GetAsync(async () => (await application.Store.Inbox.CountAsync(TestContext.Current.CancellationToken)).Single().Duplicates, count => count == 1);
        Volatile.Write(ref fail, false);

        Assert.Equal((DeadLetterReason.Conflict, "1"), (letter.Reason, letter.DedupeKey));
        Assert.Equal(["1 1"], await application.EffectsAsync(1));
        await application.SettledAsync();
    }

    [Fact]
    public async Task A_handler_that_ends_its_transaction_itself_is_told_so_and_the_message_kept()
    {
        await using var application = await new TestApplication().Handle((paid, context) => Run(() =>
        {
            context.Effect(paid.Order);
            context.Transaction.Rollback();
        }), descriptor => descriptor with { Attempts = 2 }).StartAsync();

        await application.PublishAsync(new Paid("1"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Contains("committed or rolled back the transaction it was given", letter.Error, StringComparison.Ordinal);
        Assert.Empty(await application.EffectsAsync());
    }

    [Fact]
    public async Task The_context_tells_the_handler_what_it_handles()
    {
        MessageContext? seen = null;
        await using var application = await new TestApplication().Handle((_, context) => Run(() => seen = context.Message)).StartAsync();

        await application.DeliverAsync(new Envelope
        {
            MessageId = "m-1",
            MessageName = "Paid",
            Headers = new Dictionary<string, string> { ["origin"] = "web" },
            Body = """{"Order":"1"}"""u8.ToArray(),
        });
        await application.SettledAsync();

        Assert.Equal(("m-1", "paid", "Test.Paid", 1, "web"), (seen!.MessageId, seen.Source, seen.Handler, seen.Attempt, seen.Headers["origin"]));
    }

    [Fact]
    public async Task Ten_thousand_messages_are_each_handled_once()
    {
        await using var application = await new TestApplication().Handle((paid, context) => Run(() => context.Effect(paid.Order))).StartAsync();

        foreach (var batch in Enumerable.Range(0, 10_000).Chunk(500))
        {
            await application.PublishAsync(batch.Select(number => new Paid($"{number}")));
        }

        await application.SettledAsync();
        Assert.Equal(Enumerable.Range(0, 10_000).Select(number => $"{number}"), await application.EffectsAsync());
    }

    private static ValueTask Run(Action action)
    {
        action();
        return ValueTask.CompletedTask;
    }
}
