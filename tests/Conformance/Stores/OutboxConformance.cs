namespace Reliability.Conformance;

/// <summary>Who holds which outgoing message, and for how long.</summary>
public abstract class OutboxConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task Adding_sets_ids_that_grow_in_the_order_of_the_rows()
    {
        OutboxRow[] rows = [Row("a"), Row("b"), Row("c")];

        await AddAsync(rows);

        Assert.All(rows, row => Assert.True(row.Id > 0, $"The row's id is {row.Id}."));
        Assert.Equal(rows.Select(row => row.Id).Order(), rows.Select(row => row.Id));
        Assert.Equal(3, rows.Select(row => row.Id).Distinct().Count());
    }

    [Fact]
    public async Task The_oldest_rows_are_claimed_first()
    {
        await AddAsync(Row("a"), Row("b"));
        await AddAsync(Row("c"), Row("d"));

        Assert.Equal(["a", "b", "c"], await ClaimAsync(limit: 3));
        Assert.Equal(["d"], await ClaimAsync(limit: 3));
    }

    [Fact]
    public async Task A_row_comes_back_as_it_was_written()
    {
        var row = Row("a", route: "exchange/key");
        await AddAsync(row);

        var claimed = Assert.Single(await ClaimRowsAsync());

        Assert.Equal(row.Id, claimed.Id);
        Assert.Equal(TransportNames.RabbitMq, claimed.Transport);
        Assert.Equal("exchange/key", claimed.Route);
        Assert.Equal(0, claimed.Attempts);
        Assert.Null(claimed.NotBefore);
        Assert.Equal(Time.GetUtcNow(), claimed.CreatedAt);
        Assert.False(claimed.Abandoned);
        AssertSame(row.Envelope, claimed.Envelope);
    }

    [Fact]
    public async Task A_rolled_back_row_was_never_written()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.AddToOutboxAsync([Row("a")], null, Cancellation);

        Assert.Empty(await ClaimAsync());
        Assert.Empty(await Store.Outbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_row_that_someone_holds_is_not_claimed_by_another()
    {
        await AddAsync(Row("a"));
        Assert.Equal(["a"], await ClaimAsync());

        Assert.Empty(await ClaimAsync(owner: "relay-2"));
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task Claimers_at_the_same_time_never_share_a_row_and_leave_none()
    {
        await AddAsync([.. Enumerable.Range(0, 200).Select(i => Row("m-" + i))]);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(relay => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await ClaimAsync(limit: 7, owner: "relay-" + relay) is { Length: > 0 } claimed)
                mine.AddRange(claimed);

            return mine;
        }, Cancellation)));

        var all = claims.SelectMany(mine => mine).ToList();
        Assert.Equal(200, all.Count);
        Assert.Equal(200, all.Distinct().Count());
    }

    [Fact]
    public async Task Only_the_asked_transport_is_claimed()
    {
        await AddAsync(Row("rabbit"), Row("kafka", transport: TransportNames.Kafka));

        Assert.Equal(["kafka"], await ClaimAsync(transport: TransportNames.Kafka));
        Assert.Equal(["rabbit"], await ClaimAsync());
    }

    [Fact]
    public async Task Only_the_asked_route_is_claimed_and_without_one_any()
    {
        await AddAsync(Row("a", route: "one"), Row("b", route: "two"), Row("c", route: "one"), Row("d", route: "two"));

        Assert.Equal(["b"], await ClaimAsync(route: "two", limit: 1));
        Assert.Equal(["a", "c", "d"], await ClaimAsync());
    }

    [Fact]
    public async Task A_row_written_leased_is_its_holders_and_no_one_elses()
    {
        await AddAsync(Minute, Row("a"));

        Assert.Empty(await ClaimAsync(owner: "relay-2"));
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task A_lease_ends_with_its_time_and_the_row_is_said_to_be_abandoned()
    {
        await AddAsync(Minute, Row("a"));

        Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await ClaimAsync(owner: "relay-2"));

        Time.Advance(TimeSpan.FromMilliseconds(1));
        var row = Assert.Single(await ClaimRowsAsync(owner: "relay-2"));
        Assert.True(row.Abandoned);
        Assert.Equal(0, row.Attempts);
    }

    [Fact]
    public async Task The_oldest_come_first_also_where_leases_have_ended()
    {
        await AddAsync(Minute, Row("a"));
        await AddAsync(Row("b"));
        await AddAsync(Minute, Row("c"));
        Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(["a", "b", "c"], await ClaimAsync());
    }

    [Fact]
    public async Task A_renewed_lease_lasts_longer()
    {
        OutboxRow[] rows = [Row("a"), Row("b")];
        await AddAsync(Minute, rows);
        Time.Advance(TimeSpan.FromSeconds(50));

        await Store.Outbox.RenewAsync([rows[0].Id], Minute, Cancellation);

        Time.Advance(TimeSpan.FromSeconds(50));
        Assert.Equal(["b"], await ClaimAsync(owner: "relay-2"));
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["a"], await ClaimAsync(owner: "relay-2"));
    }

    [Fact]
    public async Task Renewing_takes_nothing_from_a_later_holder()
    {
        var row = Row("a");
        await AddAsync(Minute, row);
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["a"], await ClaimAsync(owner: "relay-2"));

        await Store.Outbox.RenewAsync([row.Id], Minute with { Duration = TimeSpan.FromHours(1) }, Cancellation);

        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["a"], await ClaimAsync(owner: "relay-3"));
    }

    [Fact]
    public async Task A_released_row_is_free_at_once_and_was_not_tried()
    {
        var row = Row("a");
        await AddAsync(Minute, row);

        await Store.Outbox.ReleaseAsync([row.Id], Cancellation);

        var claimed = Assert.Single(await ClaimRowsAsync(owner: "relay-2"));
        Assert.False(claimed.Abandoned);
        Assert.Equal(0, claimed.Attempts);
    }

    [Fact]
    public async Task Releasing_does_not_hide_that_a_row_was_abandoned_before()
    {
        var row = Row("a");
        await AddAsync(Minute, row);
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(Assert.Single(await ClaimRowsAsync()).Abandoned);

        await Store.Outbox.ReleaseAsync([row.Id], Cancellation);

        Assert.True(Assert.Single(await ClaimRowsAsync()).Abandoned);
    }

    [Fact]
    public async Task Releasing_does_not_make_a_row_due_that_waits_for_its_time()
    {
        var row = Row("a");
        await AddAsync(Minute, row);
        await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, TimeSpan.FromMinutes(5))], Cancellation);

        await Store.Outbox.ReleaseAsync([row.Id], Cancellation);

        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task A_rescheduled_row_counts_an_attempt_and_waits_for_its_time()
    {
        OutboxRow[] rows = [Row("a"), Row("b")];
        await AddAsync(Minute, rows);

        await Store.Outbox.RescheduleAsync([new(rows[0].Id, TimeSpan.FromSeconds(10)), new(rows[1].Id, TimeSpan.FromSeconds(30))], Cancellation);

        Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var first = Assert.Single(await ClaimRowsAsync());
        Assert.Equal("a", first.Envelope.MessageId);
        Assert.Equal(1, first.Attempts);
        Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(["b"], await ClaimAsync());
    }

    [Fact]
    public async Task Every_reschedule_counts_one_attempt()
    {
        var row = Row("a");
        await AddAsync(Minute, row);

        for (var i = 0; i < 3; i++)
            await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, TimeSpan.Zero)], Cancellation);

        Assert.Equal(3, Assert.Single(await ClaimRowsAsync()).Attempts);
    }

    [Fact]
    public async Task An_abandoned_row_whose_attempt_was_counted_is_abandoned_no_more()
    {
        var row = Row("a");
        await AddAsync(Minute, row);
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(Assert.Single(await ClaimRowsAsync()).Abandoned);

        await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, TimeSpan.Zero)], Cancellation);

        var again = Assert.Single(await ClaimRowsAsync());
        Assert.False(again.Abandoned);
        Assert.Equal(1, again.Attempts);
    }

    [Fact]
    public async Task A_row_is_not_due_before_its_time_and_not_abandoned_after_it()
    {
        var at = Time.GetUtcNow() + TimeSpan.FromMinutes(10);
        await AddAsync(Row("later", notBefore: at), Row("now"));

        Assert.Equal(["now"], await ClaimAsync());
        Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.DoesNotContain("later", await ClaimAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var row = Assert.Single(await ClaimRowsAsync(), row => row.Envelope.MessageId == "later");
        Assert.Equal(at, row.NotBefore);
        Assert.False(row.Abandoned);
    }

    [Fact]
    public async Task A_row_is_not_due_early_by_a_fraction_of_a_millisecond_either()
    {
        await AddAsync(Row("a", notBefore: Time.GetUtcNow() + TimeSpan.FromMilliseconds(1.5)));

        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["a"], await ClaimAsync());
    }

    [Fact]
    public async Task A_row_that_waits_for_its_time_is_held_by_no_one_even_when_written_leased()
    {
        await AddAsync(Minute with { Duration = TimeSpan.FromDays(1) }, Row("later", notBefore: Time.GetUtcNow() + TimeSpan.FromMinutes(1)));

        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromMinutes(1));

        var row = Assert.Single(await ClaimRowsAsync());
        Assert.False(row.Abandoned);
    }

    [Fact]
    public async Task A_time_that_has_passed_holds_nothing_back()
    {
        await AddAsync(Row("a", notBefore: Time.GetUtcNow() - TimeSpan.FromDays(1)));

        Assert.Equal(["a"], await ClaimAsync());
    }

    [Fact]
    public async Task A_removed_row_is_gone_for_good()
    {
        OutboxRow[] rows = [Row("a"), Row("b")];
        await AddAsync(Minute, rows);

        await Store.Outbox.RemoveAsync([rows[0].Id], audit: false, Cancellation);

        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["b"], await ClaimAsync());
    }

    [Fact]
    public async Task The_id_of_a_removed_row_is_not_given_again()
    {
        var first = Row("a");
        await AddAsync(first);
        await Store.Outbox.RemoveAsync([first.Id], audit: false, Cancellation);
        await RestartAsync();

        var second = Row("b");
        await AddAsync(second);

        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public async Task Removing_in_a_unit_of_work_happens_with_its_commit_only()
    {
        var row = Row("a");
        await AddAsync(Minute, row);

        await using (var work = await Store.BeginAsync(Cancellation))
            await work.RemoveFromOutboxAsync([row.Id], Cancellation);

        Assert.Equal(1, await Store.CountOutboxAsync(Cancellation));
        await CommitAsync(work => work.RemoveFromOutboxAsync([row.Id], Cancellation));
        Assert.Equal(0, await Store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Ids_that_are_unknown_or_gone_disturb_nothing()
    {
        var row = Row("a");
        await AddAsync(row);
        long[] ids = [row.Id + 1000, -1];

        await Store.Outbox.RemoveAsync(ids, audit: false, Cancellation);
        await Store.Outbox.ReleaseAsync(ids, Cancellation);
        await Store.Outbox.RenewAsync(ids, Minute, Cancellation);
        await Store.Outbox.RescheduleAsync([new OutboxRetry(-1, TimeSpan.Zero)], Cancellation);
        await Store.Outbox.RemoveAsync([], audit: false, Cancellation);

        Assert.Equal(["a"], await ClaimAsync());
    }

    [Fact]
    public async Task The_backlog_tells_how_many_rows_wait_and_since_when()
    {
        Assert.Empty(await Store.Outbox.CountAsync(Cancellation));
        var first = Time.GetUtcNow();
        var row = Row("a");
        await AddAsync(Minute, row);
        Time.Advance(TimeSpan.FromMinutes(3));
        await AddAsync(Row("b"), Row("c", transport: TransportNames.Kafka));

        var second = first + TimeSpan.FromMinutes(3);
        Assert.Equal(
            [new OutboxBacklog(TransportNames.Kafka, row.Route, 1, 0, second), new OutboxBacklog(row.Transport, row.Route, 2, 0, first)],
            (await Store.Outbox.CountAsync(Cancellation)).OrderBy(backlog => backlog.Transport));

        await Store.Outbox.RemoveAsync([row.Id], audit: false, Cancellation);
        Assert.All(await Store.Outbox.CountAsync(Cancellation), backlog => Assert.Equal((1, second), (backlog.Rows, backlog.OldestAt)));
    }

    [Fact]
    public async Task More_rows_than_are_freed_at_once_become_due_together_and_are_all_claimed_oldest_first()
    {
        OutboxRow[] rows = [.. Enumerable.Range(0, 2500).Select(i => Row("m-" + i))];
        await AddAsync(Minute, rows);
        Time.Advance(TimeSpan.FromMinutes(1));

        var claimed = await ClaimRowsAsync(limit: 5000);

        Assert.Equal(rows.Select(row => row.Id), claimed.Select(row => row.Id));
    }

    [Fact]
    public async Task A_lease_without_end_in_sight_does_not_overflow()
    {
        await AddAsync(new Lease(Relay, TimeSpan.MaxValue), Row("a"));

        Time.Advance(TimeSpan.FromDays(10_000));

        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task Rows_and_their_attempts_survive_a_restart()
    {
        var row = Row("a");
        await AddAsync(Minute, row);
        await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, TimeSpan.Zero)], Cancellation);

        await RestartAsync();

        Assert.Equal(1, Assert.Single(await ClaimRowsAsync()).Attempts);
    }

    [Fact]
    public async Task A_claim_takes_no_more_bytes_than_asked_for_but_at_least_one_row()
    {
        var rows = Enumerable.Range(0, 4).Select(number => Row($"{number}")).ToArray();
        await AddAsync(rows);
        var each = rows[0].Envelope.Body.Length;
        Assert.All(rows, row => Assert.Equal(each, row.Envelope.Body.Length));

        Assert.Equal(["0", "1"], await ClaimAsync((2 * each) + 1));
        Assert.Equal(["2"], await ClaimAsync(each - 1));
        Assert.Equal(["3"], await ClaimAsync(each));

        async Task<string[]> ClaimAsync(long bytes) =>
            [.. (await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 100, Minute) { MaxBytes = bytes }, Cancellation)).Select(row => row.Envelope.MessageId)];
    }

    private Task AddAsync(params OutboxRow[] rows) => CommitAsync(work => work.AddToOutboxAsync(rows, null, Cancellation));

    private Task AddAsync(Lease lease, params OutboxRow[] rows) => CommitAsync(work => work.AddToOutboxAsync(rows, lease, Cancellation));

    private async Task<string[]> ClaimAsync(
        int limit = 100, string owner = Relay, string? route = null, string transport = TransportNames.RabbitMq) =>
        [.. (await ClaimRowsAsync(limit, owner, route, transport)).Select(row => row.Envelope.MessageId)];

    private async Task<IReadOnlyList<OutboxRow>> ClaimRowsAsync(
        int limit = 100, string owner = Relay, string? route = null, string transport = TransportNames.RabbitMq) =>
        await Store.Outbox.ClaimAsync(new OutboxClaim(transport, route, limit, new Lease(owner, TimeSpan.FromMinutes(1))), Cancellation);
}
