namespace Reliability.Conformance;

/// <summary>
/// The store's clock is set back by an hour. What was leased or delayed before lasts until the clock shows its end, so by the jump longer at most; what is
/// leased, renewed or written afterwards goes by the clock as it is. Nothing is lost, and no lease lasts for ever.
/// </summary>
public abstract class ClockConformance(IStorePlace place) : StoreConformance(place)
{
    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_row_whose_holder_died_is_free_when_the_clock_shows_the_leases_end_and_no_later()
    {
        await CommitAsync(work => work.AddToOutboxAsync([Row("a")], Minute, Cancellation));
        Time.Advance(-Jump);

        Assert.Empty(await ClaimAsync());
        Time.Advance(Jump + TimeSpan.FromMinutes(1));

        Assert.Equal(["a"], await ClaimAsync());
    }

    [Fact]
    public async Task A_row_that_is_renewed_after_the_jump_ends_by_the_new_time()
    {
        var row = Row("a");
        await CommitAsync(work => work.AddToOutboxAsync([row], Minute, Cancellation));
        Time.Advance(-Jump);

        await Store.Outbox.RenewAsync([row.Id], Minute, Cancellation);

        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["a"], await ClaimAsync());
    }

    [Fact]
    public async Task Rows_written_after_the_jump_are_sent_at_once_and_after_the_older_ones()
    {
        await CommitAsync(work => work.AddToOutboxAsync([Row("before", orderKey: "k")], null, Cancellation));
        Time.Advance(-Jump);
        await CommitAsync(work => work.AddToOutboxAsync([Row("after", orderKey: "k")], null, Cancellation));

        Assert.Equal(["before", "after"], await ClaimAsync());
    }

    [Fact]
    public async Task A_failed_row_holds_up_its_key_until_the_clock_shows_its_time_and_no_longer()
    {
        var row = Row("a1", orderKey: "k");
        await CommitAsync(work => work.AddToOutboxAsync([row, Row("a2", orderKey: "k")], Minute, Cancellation));
        await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, TimeSpan.FromSeconds(10))], Cancellation);
        Time.Advance(-Jump);

        Assert.Empty(await ClaimAsync());
        Time.Advance(Jump + TimeSpan.FromMinutes(1));
        Assert.Equal(["a1", "a2"], await ClaimAsync());
    }

    [Fact]
    public async Task A_duty_whose_holder_died_is_free_when_the_clock_shows_its_end_and_no_later()
    {
        await Store.Leases.ShareAsync("relay", 2, Minute, Cancellation);
        Time.Advance(-Jump);

        Assert.Empty((await ShareAsync("heir")).Parts);
        Time.Advance(Jump + TimeSpan.FromMinutes(1));

        Assert.Equal([0, 1], (await ShareAsync("heir")).Parts);
    }

    [Fact]
    public async Task A_duty_that_is_asked_for_again_after_the_jump_goes_by_the_new_time()
    {
        await ShareAsync("one");
        Time.Advance(-Jump);
        Assert.Equal([0, 1], (await ShareAsync("one")).Parts);

        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([0, 1], (await ShareAsync("heir")).Parts);
    }

    [Fact]
    public async Task A_deferred_message_waits_by_the_jump_longer_at_most_and_can_be_made_due()
    {
        await CommitAsync(work => work.DeferAsync(Deferred("a"), TimeSpan.FromSeconds(10), Cancellation));
        await CommitAsync(work => work.DeferAsync(Deferred("b"), TimeSpan.FromSeconds(20), Cancellation));
        Time.Advance(-Jump);

        Assert.Equal(new DeferralClaim(null, Jump + TimeSpan.FromSeconds(10)), await Store.Deferral.ClaimAsync([Billing], Minute, Cancellation));
        await Store.Deferral.MakeDueAsync(Billing, Cancellation);

        Assert.NotNull((await Store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).Message);
    }

    [Fact]
    public async Task What_was_handled_before_the_jump_is_still_known_after_it()
    {
        await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation));
        Time.Advance(-Jump);

        Assert.Equal(0, await Store.Inbox.ForgetAsync(Billing, TimeSpan.FromMinutes(30), 10, Cancellation));
        Assert.Equal([InboxVerdict.Duplicate], await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation)));
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_makes_due_what_waits_and_loses_nothing()
    {
        await CommitAsync(async work =>
        {
            await work.AddToOutboxAsync([Row("held")], Minute, Cancellation);
            await work.AddToOutboxAsync([Row("later", notBefore: Time.GetUtcNow() + TimeSpan.FromMinutes(30))], null, Cancellation);
        });

        Time.Advance(Jump);

        Assert.Equal(["held", "later"], await ClaimAsync());
    }

    private async Task<string[]> ClaimAsync() =>
        [.. (await Store.Outbox.ClaimAsync(
            new OutboxClaim(TransportNames.RabbitMq, null, 10, new Lease("heir", TimeSpan.FromMinutes(1))) { Parts = [.. Enumerable.Range(0, OutboxRow.Parts)] },
            Cancellation)).Select(row => row.Envelope.MessageId)];

    private Task<DutyShare> ShareAsync(string owner) =>
        Store.Leases.ShareAsync("relay", 2, new Lease(owner, TimeSpan.FromMinutes(1)), Cancellation).AsTask();
}
