namespace Reliability.Conformance;

/// <summary>Rows of one order key leave in their order, whatever fails; rows of other keys and of none go on meanwhile.</summary>
public abstract class OutboxOrderConformance(IStorePlace place) : StoreConformance(place)
{
    private static readonly int[] AllParts = [.. Enumerable.Range(0, OutboxRow.Parts)];

    [Fact]
    public async Task An_order_key_comes_back_as_it_was_written()
    {
        await AddAsync(Row("a", orderKey: "customer-7"), Row("b"), Row("c", orderKey: ""));

        Assert.Equal(["customer-7", null, ""], (await ClaimRowsAsync()).Select(row => row.OrderKey));
    }

    [Fact]
    public async Task Rows_of_one_key_are_claimed_in_their_order_with_those_of_other_keys_between()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("b1", orderKey: "b"), Row("a2", orderKey: "a"), Row("none"), Row("a3", orderKey: "a"));

        Assert.Equal(["a1", "b1", "a2", "none", "a3"], await ClaimAsync());
    }

    [Fact]
    public async Task A_row_that_waits_after_a_failed_attempt_holds_up_its_key_and_nothing_else()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("b1", orderKey: "b"), Row("a2", orderKey: "a"), Row("none"));
        await FailFirstAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(["b1", "none"], await ClaimAsync());
        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["a1", "a2"], await ClaimAsync());
    }

    [Fact]
    public async Task Rows_written_behind_a_failed_one_wait_with_those_that_waited_before()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("a2", orderKey: "a"));
        await FailFirstAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(await ClaimAsync());

        await AddAsync(Row("a3", orderKey: "a"));

        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["a1", "a2", "a3"], await ClaimAsync());
    }

    [Fact]
    public async Task A_row_that_fails_again_and_again_holds_up_its_key_until_it_is_removed()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("a2", orderKey: "a"));
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Equal(attempt, (await FailFirstAsync(TimeSpan.FromSeconds(5))).Attempts + 1);
            Assert.Empty(await ClaimAsync());
            Time.Advance(TimeSpan.FromSeconds(5));
        }

        var first = (await ClaimRowsAsync(limit: 1))[0];
        await Store.Outbox.RescheduleAsync([new OutboxRetry(first.Id, TimeSpan.FromHours(1))], Cancellation);
        Assert.Empty(await ClaimAsync());
        await Store.Outbox.RemoveAsync([first.Id], audit: false, Cancellation);

        Assert.Equal(["a2"], await ClaimAsync());
    }

    [Fact]
    public async Task A_row_that_became_a_dead_letter_holds_up_its_key_until_the_commit_and_no_longer()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("a2", orderKey: "a"));
        var failed = await FailFirstAsync(TimeSpan.FromHours(1));
        Assert.Empty(await ClaimAsync());

        await using (var work = await Store.BeginAsync(Cancellation))
            await work.RemoveFromOutboxAsync([failed.Id], Cancellation);

        Assert.Empty(await ClaimAsync());
        await CommitAsync(work => work.RemoveFromOutboxAsync([failed.Id], Cancellation));
        Assert.Equal(["a2"], await ClaimAsync());
    }

    [Fact]
    public async Task A_row_that_was_to_be_delayed_holds_up_no_one()
    {
        await AddAsync(Row("later", notBefore: Time.GetUtcNow() + TimeSpan.FromMinutes(1), orderKey: "a"), Row("now", orderKey: "a"));

        Assert.Equal(["now"], await ClaimAsync());
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("later", await ClaimAsync());
    }

    [Fact]
    public async Task A_delayed_row_that_has_become_due_waits_behind_a_failed_one()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("later", notBefore: Time.GetUtcNow() + TimeSpan.FromMinutes(1), orderKey: "a"));
        await FailFirstAsync(TimeSpan.FromMinutes(2));

        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["a1", "later"], await ClaimAsync());
    }

    [Fact]
    public async Task A_failed_row_without_an_order_key_holds_up_no_one()
    {
        await AddAsync(Row("a"), Row("b"));
        await FailFirstAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["b"], await ClaimAsync());
    }

    [Fact]
    public async Task Behind_a_row_that_another_holds_a_key_waits_and_behind_ones_own_it_does_not()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("a2", orderKey: "a"), Row("b1", orderKey: "b"), Row("a3", orderKey: "a"));
        Assert.Equal(["a1"], await ClaimAsync(limit: 1));

        Assert.Equal(["b1"], await ClaimAsync(owner: "relay-2"));
        Assert.Equal(["a2", "a3"], await ClaimAsync());
    }

    [Fact]
    public async Task When_the_holder_releases_or_dies_the_whole_key_goes_to_the_next_in_order()
    {
        OutboxRow[] rows = [Row("a1", orderKey: "a"), Row("a2", orderKey: "a"), Row("b1", orderKey: "b"), Row("b2", orderKey: "b")];
        await AddAsync(rows);
        Assert.Equal(["a1", "a2", "b1"], await ClaimAsync(limit: 3));
        Assert.Empty(await ClaimAsync(owner: "relay-2"));

        await Store.Outbox.ReleaseAsync([rows[2].Id], Cancellation);
        Assert.Equal(["b1", "b2"], await ClaimAsync(owner: "relay-2"));

        await AddAsync(Row("a3", orderKey: "a"));
        Time.Advance(TimeSpan.FromMinutes(1));
        await Store.Outbox.RemoveAsync([rows[2].Id, rows[3].Id], audit: false, Cancellation);
        var taken = await ClaimRowsAsync(owner: "relay-2");
        Assert.Equal(["a1", "a2", "a3"], taken.Select(row => row.Envelope.MessageId));
        Assert.Equal([true, true, false], taken.Select(row => row.Abandoned));
    }

    [Fact]
    public async Task A_claim_gets_its_parts_keys_and_rows_without_a_key_only()
    {
        var (mine, theirs) = TwoKeysOfDifferentParts();
        await AddAsync(Row("theirs", orderKey: theirs), Row("mine", orderKey: mine), Row("none"));

        Assert.Equal(["mine"], await ClaimAsync(limit: 1, parts: [OutboxRow.PartOf(mine)]));
        Assert.Equal(["none"], await ClaimAsync(parts: []));
        Assert.Equal(["theirs"], await ClaimAsync(parts: [OutboxRow.PartOf(theirs)]));
    }

    [Fact]
    public async Task A_claim_without_heed_of_order_gets_what_an_ordered_one_left_waiting()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("a2", orderKey: "a"), Row("a3", orderKey: "a"));
        await FailFirstAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(await ClaimAsync());

        var claimed = await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 10, Minute), Cancellation);

        Assert.Equal(["a2", "a3"], claimed.Select(row => row.Envelope.MessageId));
    }

    [Fact]
    public async Task One_key_on_two_transports_is_two_keys_and_on_two_routes_it_is_one()
    {
        await AddAsync(
            Row("rabbit", orderKey: "a"), Row("kafka", transport: TransportNames.Kafka, orderKey: "a"), Row("elsewhere", route: "elsewhere", orderKey: "a"));
        await FailFirstAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["kafka"], await ClaimAsync(transport: TransportNames.Kafka));
        Assert.Empty(await ClaimAsync(route: "elsewhere"));
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["elsewhere"], await ClaimAsync(route: "elsewhere"));
    }

    [Theory]
    [InlineData("a\0b", "a\0c")]
    [InlineData("order", "Order")]
    [InlineData("order", "order ")]
    [InlineData("", " ")]
    [InlineData("é", "e\u0301")]
    [InlineData("'; DROP TABLE effect; --", "'; DROP TABLE effect; --'")]
    public async Task Keys_that_differ_do_not_wait_for_each_other_however_alike(string failing, string other) => await RequireApartAsync(failing, other);

    [Fact]
    public async Task Long_keys_that_differ_at_their_end_do_not_wait_for_each_other() =>
        await RequireApartAsync(new string('k', 20_000) + "1", new string('k', 20_000) + "2");

    [Fact]
    public async Task What_waits_after_a_failure_waits_and_holds_up_its_key_across_a_restart()
    {
        await AddAsync(Row("a1", orderKey: "a"), Row("a2", orderKey: "a"));
        await FailFirstAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(await ClaimAsync());

        await RestartAsync();

        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["a1", "a2"], await ClaimAsync());
    }

    private async Task RequireApartAsync(string failing, string other)
    {
        await AddAsync(Row("failing", orderKey: failing), Row("behind", orderKey: failing), Row("other", orderKey: other));
        await FailFirstAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(["other"], await ClaimAsync());
        Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(failing, (await ClaimRowsAsync())[0].OrderKey);
    }

    /// <summary>Claims the oldest row, and reschedules it as a relay does after a failed attempt. Gives the row as it was claimed.</summary>
    private async Task<OutboxRow> FailFirstAsync(TimeSpan delay)
    {
        var row = Assert.Single(await ClaimRowsAsync(limit: 1));
        await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, delay)], Cancellation);
        return row;
    }

    private static (string First, string Second) TwoKeysOfDifferentParts()
    {
        var keys = Enumerable.Range(0, 1000).Select(i => "customer-" + i);
        return (keys.First(), keys.First(key => OutboxRow.PartOf(key) != OutboxRow.PartOf(keys.First())));
    }

    private Task AddAsync(params OutboxRow[] rows) => CommitAsync(work => work.AddToOutboxAsync(rows, null, Cancellation));

    private async Task<string[]> ClaimAsync(
        int limit = 100, string owner = Relay, string? route = null, string transport = TransportNames.RabbitMq, int[]? parts = null) =>
        [.. (await ClaimRowsAsync(limit, owner, route, transport, parts)).Select(row => row.Envelope.MessageId)];

    private async Task<IReadOnlyList<OutboxRow>> ClaimRowsAsync(
        int limit = 100, string owner = Relay, string? route = null, string transport = TransportNames.RabbitMq, int[]? parts = null) =>
        await Store.Outbox.ClaimAsync(
            new OutboxClaim(transport, route, limit, new Lease(owner, TimeSpan.FromMinutes(1))) { Parts = parts ?? AllParts }, Cancellation);
}
