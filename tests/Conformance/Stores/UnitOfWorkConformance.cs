namespace Reliability.Conformance;

/// <summary>All of it or nothing, one after another or side by side.</summary>
public abstract class UnitOfWorkConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task A_commit_keeps_the_effect_the_operation_and_the_outgoing_message()
    {
        await CommitAsync(HandleAsync);

        Assert.Equal(1, await CountEffectsAsync());
        Assert.Equal(1, await Store.CountOutboxAsync(Cancellation));
        Assert.Contains(new InboxCount(Billing, 1, 0), await Store.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Without_a_commit_nothing_is_kept()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            await HandleAsync(work);
            await work.DeferAsync(Deferred("b"), TimeSpan.Zero, Cancellation);
            await work.AddDeadLetterAsync(Letter("c"), Cancellation);
        }

        await AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_statement_that_fails_leaves_nothing_behind_once_disposed()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            await HandleAsync(work);
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(async () => await ExecuteAsync(work, "INSERT INTO effect (name) VALUES (NULL)"));
        }

        await AssertNothingKeptAsync();
    }

    [Fact]
    public async Task A_wrong_statement_is_no_sign_of_a_database_that_is_away()
    {
        await using var work = await Store.BeginAsync(Cancellation);

        var error = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(async () => await ExecuteAsync(work, "INSERT INTO no_such_table VALUES (1)"));

        Assert.False(Store.IsUnavailable(error));
        Assert.False(Store.IsUnavailable(new TimeoutException()));
        Assert.False(Store.IsUnavailable(new ObjectDisposedException("HttpClient")));
    }

    [Fact]
    public async Task The_next_unit_of_work_is_untouched_by_the_failure_of_the_last()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(async () => await ExecuteAsync(work, "no SQL at all"));

        await CommitAsync(HandleAsync);

        Assert.Equal(1, await CountEffectsAsync());
    }

    [Fact]
    public async Task A_unit_of_work_sees_its_own_writes_and_others_see_them_after_the_commit()
    {
        await using var work = await Store.BeginAsync(Cancellation);
        await HandleAsync(work);
        Assert.Equal([InboxVerdict.Duplicate], await work.AddToInboxAsync([Entry("a")], Cancellation));
        Assert.Equal(0, await Store.CountOutboxAsync(Cancellation));

        await work.CommitAsync(Cancellation);

        Assert.Equal(1, await Store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Concurrent_units_of_work_all_commit()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => CommitAsync(async work =>
        {
            await work.AddToInboxAsync([Entry("order-" + i)], Cancellation);
            await AddEffectAsync(work, "order-" + i);
            await work.AddToOutboxAsync([Row("m-" + i)], Minute, Cancellation);
        }), Cancellation)));

        Assert.Equal(40, await CountEffectsAsync());
        Assert.Equal(40, await Store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Of_concurrent_deliveries_of_one_operation_exactly_one_takes_effect()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => CommitAsync(async work =>
        {
            var verdict = (await work.AddToInboxAsync([Entry("order-1")], Cancellation))[0];
            if (verdict == InboxVerdict.New)
                await AddEffectAsync(work, "order-1");

            return verdict;
        }), Cancellation)));

        Assert.Equal(1, await CountEffectsAsync());
        Assert.Single(verdicts, InboxVerdict.New);
        Assert.Equal(15, verdicts.Count(verdict => verdict == InboxVerdict.Duplicate));
    }

    [Fact]
    public async Task An_operation_whose_first_delivery_is_rolled_back_is_new_to_the_next()
    {
        var first = await Store.BeginAsync(Cancellation);
        await first.AddToInboxAsync([Entry("order-1")], Cancellation);
        var second = Task.Run(() => CommitAsync(work => work.AddToInboxAsync([Entry("order-1")], Cancellation)), Cancellation);

        await first.DisposeAsync();

        Assert.Equal([InboxVerdict.New], await second);
    }

    [Fact]
    public async Task A_unit_of_work_can_be_disposed_twice()
    {
        var work = await Store.BeginAsync(Cancellation);
        await work.CommitAsync(Cancellation);
        await work.DisposeAsync();
        await work.DisposeAsync();

        await CommitAsync(HandleAsync);

        Assert.Equal(1, await CountEffectsAsync());
    }

    [Fact]
    public async Task An_ended_unit_of_work_takes_nothing_more()
    {
        var work = await Store.BeginAsync(Cancellation);
        await work.CommitAsync(Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.AddToInboxAsync([Entry("a")], Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation));

        await work.DisposeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.AddToOutboxAsync([Row("a")], null, Cancellation));
    }

    [Fact]
    public async Task A_cancelled_begin_gives_no_unit_of_work_and_holds_no_one_up()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.BeginAsync(cancelled.Token));
        await CommitAsync(HandleAsync);

        Assert.Equal(1, await CountEffectsAsync());
    }

    [Fact]
    public async Task A_cancelled_commit_keeps_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            await HandleAsync(work);
            await cancelled.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await work.CommitAsync(cancelled.Token));
        }

        await AssertNothingKeptAsync();
    }

    [Fact]
    public async Task Starting_again_is_harmless_and_ends_no_lease()
    {
        await CommitAsync(work => work.AddToOutboxAsync([Row("a")], Minute, Cancellation));

        await Store.StartAsync([Billing, Shipping, "Audit.Write"], Cancellation);

        Assert.Empty(await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 10, Minute), Cancellation));
        Assert.Equal([InboxVerdict.New], await CommitAsync(work => work.AddToInboxAsync([Entry("a", consumer: "Audit.Write")], Cancellation)));
    }

    [Fact]
    public async Task A_store_that_is_closed_says_so_and_counts_as_unavailable()
    {
        await Store.DisposeAsync();

        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await Store.BeginAsync(Cancellation));

        Assert.True(Store.IsUnavailable(error), error.ToString());
        var read = await Assert.ThrowsAnyAsync<Exception>(async () => await Store.CountDeadLettersAsync(Cancellation));
        Assert.True(Store.IsUnavailable(read), read.ToString());
    }

    [Fact]
    public void A_store_describes_itself() => Assert.False(string.IsNullOrWhiteSpace(Store.Description));

    private static async ValueTask HandleAsync(IUnitOfWork work)
    {
        Assert.Equal([InboxVerdict.New], await work.AddToInboxAsync([Entry("a")], Cancellation));
        await AddEffectAsync(work, "a");
        await work.AddToOutboxAsync([Row("m-a")], Minute, Cancellation);
    }

    private async Task AssertNothingKeptAsync()
    {
        Assert.Equal(0, await CountEffectsAsync());
        Assert.Equal(0, await Store.CountOutboxAsync(Cancellation));
        Assert.Equal(0, await Store.CountDeferredAsync(Cancellation));
        Assert.Equal(0, await Store.CountDeadLettersAsync(Cancellation));
        Assert.Contains(new InboxCount(Billing, 0, 0), await Store.Inbox.CountAsync(Cancellation));
    }
}
