namespace Reliability.Conformance;

/// <summary>When to look again, how long a held message stays held, and what waits for whom.</summary>
public abstract class DeferralScheduleConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task Where_nothing_waits_there_is_no_time_to_look_again() => Assert.Equal(default, await ClaimAsync());

    [Fact]
    public async Task Where_nothing_is_due_the_claim_says_how_long_until_the_next_is()
    {
        await DeferAsync(Deferred("late"), TimeSpan.FromSeconds(30));
        await DeferAsync(Deferred("early", consumer: Shipping), TimeSpan.FromSeconds(10));

        Assert.Equal(new DeferralClaim(null, TimeSpan.FromSeconds(10)), await ClaimAsync());
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(new DeferralClaim(null, TimeSpan.FromSeconds(6)), await ClaimAsync());
        Assert.Equal(new DeferralClaim(null, TimeSpan.FromSeconds(26)), await ClaimAsync(Billing));
    }

    [Fact]
    public async Task Held_messages_and_those_behind_them_give_no_time_to_look_again()
    {
        await DeferAsync(Deferred("held", orderKey: "a"));
        await DeferAsync(Deferred("behind", orderKey: "a"));
        Assert.Equal("held", (await ClaimAsync()).Message?.DedupeKey);

        Assert.Equal(default, await ClaimAsync());
    }

    [Fact]
    public async Task After_a_reschedule_the_time_to_look_again_is_its_own()
    {
        await DeferAsync(Deferred("a", orderKey: "k"));
        await DeferAsync(Deferred("behind", orderKey: "k"));
        var claimed = (await ClaimAsync()).Message;
        await CommitAsync(work => work.RescheduleDeferredAsync(claimed!.Id, TimeSpan.FromMinutes(3), "error", Cancellation));

        Assert.Equal(new DeferralClaim(null, TimeSpan.FromMinutes(3)), await ClaimAsync());
    }

    [Fact]
    public async Task A_renewed_lease_lasts_longer()
    {
        await DeferAsync(Deferred("a"));
        var claimed = (await ClaimAsync()).Message!;
        Time.Advance(TimeSpan.FromSeconds(50));

        await Store.Deferral.RenewAsync(claimed.Id, Minute, Cancellation);

        Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Null((await ClaimAsync(owner: "other")).Message);
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("a", (await ClaimAsync(owner: "other")).Message?.DedupeKey);
    }

    [Fact]
    public async Task Renewing_takes_nothing_from_a_later_holder_nor_from_no_one()
    {
        await DeferAsync(Deferred("a"));
        var claimed = (await ClaimAsync()).Message!;
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull((await ClaimAsync(owner: "other")).Message);

        await Store.Deferral.RenewAsync(claimed.Id, Minute with { Duration = TimeSpan.FromHours(1) }, Cancellation);
        await Store.Deferral.RenewAsync(claimed.Id + 1000, Minute, Cancellation);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull((await ClaimAsync(owner: "third")).Message);

        await CommitAsync(work => work.RescheduleDeferredAsync(claimed.Id, TimeSpan.FromSeconds(1), "error", Cancellation));
        await Store.Deferral.RenewAsync(claimed.Id, new Lease("third", TimeSpan.FromHours(1)), Cancellation);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await ClaimAsync()).Message);
    }

    [Fact]
    public async Task A_handlers_waiting_messages_can_be_made_due_at_once()
    {
        for (var i = 0; i < 5; i++)
            await DeferAsync(Deferred("m-" + i), TimeSpan.FromHours(i + 1));

        await DeferAsync(Deferred("other", consumer: Shipping), TimeSpan.FromHours(1));

        Assert.Equal(5, await Store.Deferral.MakeDueAsync(Billing, Cancellation));

        var keys = new List<string>();
        while ((await ClaimAsync()).Message is { } message)
            keys.Add(message.DedupeKey);

        Assert.Equal(Enumerable.Range(0, 5).Select(i => "m-" + i), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Making_due_touches_no_message_that_is_held_or_due_already()
    {
        await DeferAsync(Deferred("held"));
        Assert.NotNull((await ClaimAsync()).Message);
        await DeferAsync(Deferred("due"));

        Assert.Equal(0, await Store.Deferral.MakeDueAsync(Billing, Cancellation));

        Assert.Equal("due", (await ClaimAsync()).Message?.DedupeKey);
        Assert.Null((await ClaimAsync()).Message);
    }

    [Fact]
    public async Task What_is_made_due_keeps_the_order_of_its_key()
    {
        await DeferAsync(Deferred("first", orderKey: "a"), TimeSpan.FromHours(2));
        await DeferAsync(Deferred("second", orderKey: "a"), TimeSpan.FromHours(1));

        await Store.Deferral.MakeDueAsync(Billing, Cancellation);

        var first = (await ClaimAsync()).Message;
        Assert.Equal("first", first?.DedupeKey);
        Assert.Null((await ClaimAsync()).Message);
        await CommitAsync(work => work.RemoveDeferredAsync(first!.Id, Cancellation));
        Assert.Equal("second", (await ClaimAsync()).Message?.DedupeKey);
    }

    [Fact]
    public async Task Waiting_messages_are_counted_for_each_handler_with_the_oldest()
    {
        Assert.Empty(await Store.Deferral.CountAsync(Cancellation));
        var first = Time.GetUtcNow();
        await DeferAsync(Deferred("a"), TimeSpan.FromHours(1));
        Time.Advance(TimeSpan.FromMinutes(1));
        await DeferAsync(Deferred("b"));
        await DeferAsync(Deferred("c", consumer: Shipping));

        Assert.Equal([new DeferredCount(Billing, 2, first), new DeferredCount(Shipping, 1, first + TimeSpan.FromMinutes(1))],
            (await Store.Deferral.CountAsync(Cancellation)).OrderBy(count => count.Consumer, StringComparer.Ordinal));
    }

    private Task DeferAsync(DeferredMessage message, TimeSpan delay = default) =>
        CommitAsync(work => work.DeferAsync(message, delay, Cancellation));

    private async Task<DeferralClaim> ClaimAsync(string? consumer = null, string owner = Relay) => await Store.Deferral.ClaimAsync(
        consumer is null ? [Billing, Shipping] : [consumer], new Lease(owner, TimeSpan.FromMinutes(1)), Cancellation);
}
