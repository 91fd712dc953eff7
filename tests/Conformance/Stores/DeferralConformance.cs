namespace Reliability.Conformance;

/// <summary>Which failed message is tried next, and which wait behind it.</summary>
public abstract class DeferralConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task A_second_delivery_of_what_waits_is_told_apart_and_not_recorded()
    {
        await DeferAsync(Deferred("a"));
        await DeferAsync(Deferred("b", consumer: Shipping));

        var verdicts = await CommitAsync(work => work.AddToInboxAsync([Entry("a") with { DeferredAs = "a" }, Entry("b") with { DeferredAs = "b" }], Cancellation));

        Assert.Equal([InboxVerdict.Waiting, InboxVerdict.New], verdicts);
        Assert.Equal([InboxVerdict.New, InboxVerdict.Duplicate], await CommitAsync(work => work.AddToInboxAsync([Entry("a"), Entry("b")], Cancellation)));
        Assert.Equal([InboxVerdict.Duplicate], await CommitAsync(work => work.AddToInboxAsync([Entry("a") with { DeferredAs = "a" }], Cancellation)));
    }

    [Fact]
    public async Task A_deferred_message_is_due_after_its_delay()
    {
        await DeferAsync(Deferred("a"), TimeSpan.FromSeconds(10));

        Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.Null(await ClaimAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("a", (await ClaimAsync())?.DedupeKey);
    }

    [Fact]
    public async Task A_claim_counts_an_attempt_that_a_dead_process_cannot_take_back()
    {
        await DeferAsync(Deferred("a") with { Attempts = 2 });

        Assert.Equal(3, (await ClaimAsync())?.Attempts);
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(4, (await ClaimAsync())?.Attempts);
    }

    [Fact]
    public async Task A_message_comes_back_as_it_was_deferred()
    {
        var message = Deferred("a", orderKey: "customer-7");
        await DeferAsync(message);
        var firstAt = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromSeconds(5));

        var claimed = await ClaimAsync();

        Assert.NotNull(claimed);
        Assert.True(claimed.Id > 0);
        Assert.Equal(firstAt, claimed.FirstAt);
        AssertSame(message.Envelope, claimed.Envelope);
        Assert.Equal(message with { Attempts = 2, Id = claimed.Id, FirstAt = firstAt, Envelope = claimed.Envelope }, claimed);
    }

    [Fact]
    public async Task A_held_message_is_not_claimed_until_its_lease_ends()
    {
        await DeferAsync(Deferred("a"));
        Assert.NotNull(await ClaimAsync());

        Assert.Null(await ClaimAsync("relay-2"));
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await ClaimAsync("relay-2"));
    }

    [Fact]
    public async Task The_message_that_has_been_due_longest_is_claimed_first()
    {
        await DeferAsync(Deferred("late"), TimeSpan.FromSeconds(30));
        await DeferAsync(Deferred("early"), TimeSpan.FromSeconds(10));
        await DeferAsync(Deferred("other", consumer: Shipping), TimeSpan.FromSeconds(20));
        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("early", (await ClaimAsync())?.DedupeKey);
        Assert.Equal("other", (await ClaimAsync())?.DedupeKey);
        Assert.Equal("late", (await ClaimAsync())?.DedupeKey);
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task Only_the_asked_handlers_messages_are_claimed()
    {
        await DeferAsync(Deferred("a", consumer: Shipping));

        Assert.Null((await Store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).Message);
        Assert.Equal("a", (await Store.Deferral.ClaimAsync([Shipping], Minute, Cancellation)).Message?.DedupeKey);
    }

    [Fact]
    public async Task A_message_deferred_twice_is_kept_once_and_as_it_was()
    {
        await DeferAsync(Deferred("a") with { Attempts = 1 });
        await DeferAsync(Deferred("a") with { Attempts = 9, LastError = "other" }, TimeSpan.FromHours(1));

        Assert.Equal(1, await Store.CountDeferredAsync(Cancellation));
        var claimed = await ClaimAsync();
        Assert.Equal(2, claimed?.Attempts);
        Assert.Equal("InvalidOperationException: no such customer", claimed?.LastError);
    }

    [Fact]
    public async Task The_store_tells_a_deferred_messages_duplicate_from_a_conflict_and_counts_the_duplicate()
    {
        Assert.Equal(InboxVerdict.New, await DeferAsync(Deferred("a")));
        Assert.Equal(InboxVerdict.Duplicate, await DeferAsync(Deferred("a")));
        Assert.Equal(InboxVerdict.Conflict, await DeferAsync(Deferred("a") with { Envelope = Deferred("a").Envelope with { Body = new byte[] { 1 } } }));

        Assert.Equal(1, await Store.CountDeferredAsync(Cancellation));
        Assert.Equal(1, (await Store.Inbox.CountAsync(Cancellation)).Single(count => count.Consumer == Billing).Duplicates);
    }

    [Fact]
    public async Task The_same_key_of_two_handlers_is_two_messages()
    {
        await DeferAsync(Deferred("a"));
        await DeferAsync(Deferred("a", consumer: Shipping));

        Assert.Equal(2, await Store.CountDeferredAsync(Cancellation));
    }

    [Theory]
    [InlineData("a\0b", "a\0c")]
    [InlineData("order", "Order")]
    [InlineData("order", "order ")]
    [InlineData("é", "e\u0301")]
    [InlineData("'; DROP TABLE effect; --", "'; DROP TABLE effect; --'")]
    public async Task Keys_that_differ_are_two_messages_however_alike(string first, string second)
    {
        await DeferAsync(Deferred(first));
        await DeferAsync(Deferred(second));

        Assert.Equal((first, second), ((await ClaimAsync())?.DedupeKey, (await ClaimAsync())?.DedupeKey));
    }

    [Fact]
    public async Task Of_one_order_key_only_the_oldest_is_due()
    {
        await DeferAsync(Deferred("first", orderKey: "customer-7"), TimeSpan.FromMinutes(5));
        await DeferAsync(Deferred("second", orderKey: "customer-7"));
        await DeferAsync(Deferred("elsewhere", orderKey: "customer-8"));

        Assert.Equal("elsewhere", (await ClaimAsync())?.DedupeKey);
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task While_the_oldest_of_a_key_is_held_the_next_waits()
    {
        await DeferAsync(Deferred("first", orderKey: "customer-7"));
        await DeferAsync(Deferred("second", orderKey: "customer-7"));

        Assert.Equal("first", (await ClaimAsync())?.DedupeKey);
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task When_the_oldest_of_a_key_is_removed_the_next_is_due()
    {
        foreach (var key in new[] { "first", "second", "third" })
            await DeferAsync(Deferred(key, orderKey: "customer-7"));

        var order = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            var claimed = await ClaimAsync();
            order.Add(claimed?.DedupeKey);
            await CommitAsync(work => work.RemoveDeferredAsync(claimed!.Id, Cancellation));
        }

        Assert.Equal(["first", "second", "third"], order);
        Assert.Equal(0, await Store.CountDeferredAsync(Cancellation));
    }

    [Fact]
    public async Task Two_handlers_do_not_wait_for_each_other_on_one_order_key()
    {
        await DeferAsync(Deferred("a", orderKey: "customer-7"), TimeSpan.FromHours(1));
        await DeferAsync(Deferred("b", orderKey: "customer-7", consumer: Shipping));

        Assert.Equal("b", (await ClaimAsync())?.DedupeKey);
    }

    [Fact]
    public async Task A_removal_that_is_rolled_back_frees_no_later_message()
    {
        await DeferAsync(Deferred("first", orderKey: "customer-7"));
        await DeferAsync(Deferred("second", orderKey: "customer-7"));
        var claimed = await ClaimAsync();
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.RemoveDeferredAsync(claimed!.Id, Cancellation);

        Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("first", (await ClaimAsync())?.DedupeKey);
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task A_rescheduled_message_waits_and_tells_its_last_error()
    {
        await DeferAsync(Deferred("a"));
        var claimed = await ClaimAsync();

        await CommitAsync(work => work.RescheduleDeferredAsync(claimed!.Id, TimeSpan.FromSeconds(30), "TimeoutException: too slow", Cancellation));

        Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromMilliseconds(1));
        Assert.Null(await ClaimAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var again = await ClaimAsync();
        Assert.Equal("TimeoutException: too slow", again?.LastError);
        Assert.Equal(3, again?.Attempts);
    }

    [Fact]
    public async Task Order_keys_with_a_deferred_message_are_found_also_before_the_commit()
    {
        await DeferAsync(Deferred("a", orderKey: "customer-7"));
        await DeferAsync(Deferred("b", orderKey: "customer-9", consumer: Shipping));

        await using var work = await Store.BeginAsync(Cancellation);
        await work.DeferAsync(Deferred("c", orderKey: "customer-8"), TimeSpan.Zero, Cancellation);
        var blocked = await work.FindDeferredKeysAsync(Billing, ["customer-6", "customer-7", "customer-8", "customer-9"], Cancellation);

        Assert.Equal(["customer-7", "customer-8"], blocked.Order());
    }

    [Fact]
    public async Task A_key_without_deferred_messages_blocks_nothing()
    {
        await DeferAsync(Deferred("a"));
        var claimed = await ClaimAsync();
        await CommitAsync(work => work.RemoveDeferredAsync(claimed!.Id, Cancellation));

        Assert.Empty(await CommitAsync(work => work.FindDeferredKeysAsync(Billing, ["customer-7", ""], Cancellation)));
        Assert.Empty(await CommitAsync(work => work.FindDeferredKeysAsync(Billing, [], Cancellation)));
    }

    [Fact]
    public async Task Claimers_at_the_same_time_never_share_a_message()
    {
        await CommitAsync(async work =>
        {
            for (var i = 0; i < 60; i++)
                await work.DeferAsync(Deferred("m-" + i, orderKey: i % 2 == 0 ? "key-" + i : null), TimeSpan.Zero, Cancellation);
        });

        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(claimer => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await ClaimAsync("claimer-" + claimer) is { } claimed)
                mine.Add(claimed.DedupeKey);

            return mine;
        }, Cancellation)));

        var all = claims.SelectMany(mine => mine).ToList();
        Assert.Equal(60, all.Count);
        Assert.Equal(60, all.Distinct().Count());
    }

    [Fact]
    public async Task A_rolled_back_deferral_was_never_made()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.DeferAsync(Deferred("a"), TimeSpan.Zero, Cancellation);

        Assert.Equal(0, await Store.CountDeferredAsync(Cancellation));
        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task A_long_error_is_trimmed()
    {
        await DeferAsync(Deferred("a"));
        var claimed = await ClaimAsync();

        await CommitAsync(work => work.RescheduleDeferredAsync(claimed!.Id, TimeSpan.Zero, new string('e', 10_000), Cancellation));

        Assert.Equal(4000, (await ClaimAsync())?.LastError?.Length);
    }

    [Fact]
    public async Task Messages_and_their_attempts_survive_a_restart()
    {
        await DeferAsync(Deferred("a") with { Attempts = 3 });

        await RestartAsync();

        Assert.Equal(4, (await ClaimAsync())?.Attempts);
    }

    [Fact]
    public async Task A_message_given_back_is_due_at_once_and_its_attempt_is_not_counted()
    {
        await DeferAsync(Deferred("a") with { Attempts = 2 });
        var claimed = await ClaimAsync();

        await Store.Deferral.ReturnAsync(claimed!.Id, Relay, Cancellation);

        Assert.Equal(3, (await ClaimAsync("relay-2"))?.Attempts);
    }

    [Fact]
    public async Task A_message_that_another_holds_is_not_given_back()
    {
        await DeferAsync(Deferred("a"));
        await ClaimAsync();
        Time.Advance(TimeSpan.FromMinutes(1));
        var second = await ClaimAsync("relay-2");

        await Store.Deferral.ReturnAsync(second!.Id, Relay, Cancellation);

        Assert.Null(await ClaimAsync());
    }

    [Fact]
    public async Task A_message_given_back_keeps_its_place_in_its_order_key()
    {
        await DeferAsync(Deferred("a", orderKey: "k"));
        await DeferAsync(Deferred("b", orderKey: "k"));
        var claimed = await ClaimAsync();

        await Store.Deferral.ReturnAsync(claimed!.Id, Relay, Cancellation);

        Assert.Equal("a", (await ClaimAsync())?.DedupeKey);
        Assert.Null(await ClaimAsync());
    }

    private async Task<InboxVerdict> DeferAsync(DeferredMessage message, TimeSpan delay = default)
    {
        var verdict = default(InboxVerdict);
        await CommitAsync(async work => verdict = await work.DeferAsync(message, delay, Cancellation));
        return verdict;
    }

    private async Task<DeferredMessage?> ClaimAsync(string owner = Relay) =>
        (await Store.Deferral.ClaimAsync([Billing, Shipping], new Lease(owner, TimeSpan.FromMinutes(1)), Cancellation)).Message;
}
