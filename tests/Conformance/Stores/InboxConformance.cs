namespace Reliability.Conformance;

/// <summary>Who is new, who is known, and for how long.</summary>
public abstract class InboxConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task An_operation_is_new_once()
    {
        Assert.Equal([InboxVerdict.New], await AddAsync(Entry("order-1")));
        Assert.Equal([InboxVerdict.Duplicate], await AddAsync(Entry("order-1")));
    }

    [Fact]
    public async Task The_same_key_with_another_content_is_a_conflict_and_stays_one()
    {
        await AddAsync(Entry("order-1", fingerprint: 1));

        Assert.Equal([InboxVerdict.Conflict], await AddAsync(Entry("order-1", fingerprint: 2)));
        Assert.Equal([InboxVerdict.Conflict], await AddAsync(Entry("order-1", fingerprint: 2)));
        Assert.Equal([InboxVerdict.Duplicate], await AddAsync(Entry("order-1", fingerprint: 1)));
    }

    [Fact]
    public async Task Verdicts_come_in_the_order_of_the_entries()
    {
        await AddAsync(Entry("b"), Entry("d", fingerprint: 4));

        var verdicts = await AddAsync(Entry("e"), Entry("d", fingerprint: 5), Entry("c"), Entry("b"), Entry("a"));

        Assert.Equal([InboxVerdict.New, InboxVerdict.Conflict, InboxVerdict.New, InboxVerdict.Duplicate, InboxVerdict.New], verdicts);
    }

    [Fact]
    public async Task Entries_that_repeat_within_a_call_are_duplicates_from_the_second_on()
    {
        var verdicts = await AddAsync(Entry("a"), Entry("b"), Entry("a"), Entry("a"), Entry("b", fingerprint: 9));

        Assert.Equal([InboxVerdict.New, InboxVerdict.New, InboxVerdict.Duplicate, InboxVerdict.Duplicate, InboxVerdict.Conflict], verdicts);
    }

    [Fact]
    public async Task Consumers_do_not_see_each_others_operations()
    {
        await AddAsync(Entry("order-1", consumer: Billing));

        Assert.Equal([InboxVerdict.New], await AddAsync(Entry("order-1", consumer: Shipping)));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public async Task Every_fingerprint_is_kept_exactly(long fingerprint)
    {
        await AddAsync(Entry("order-1", fingerprint));

        Assert.Equal([InboxVerdict.Duplicate], await AddAsync(Entry("order-1", fingerprint)));
        Assert.Equal([InboxVerdict.Conflict], await AddAsync(Entry("order-1", fingerprint ^ 1)));
    }

    [Fact]
    public async Task Keys_that_differ_in_one_bit_are_two_operations()
    {
        InboxEntry first = new(Billing, new InboxKey(0x8000_0000_0000_0000, 0), 1);
        InboxEntry second = new(Billing, new InboxKey(0x8000_0000_0000_0000, 1), 1);
        InboxEntry third = new(Billing, new InboxKey(0, 0), 1);

        Assert.Equal([InboxVerdict.New, InboxVerdict.New, InboxVerdict.New], await AddAsync(first, second, third));
        Assert.Equal([InboxVerdict.Duplicate], await AddAsync(second));
    }

    [Fact]
    public async Task A_rolled_back_operation_was_never_handled()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.AddToInboxAsync([Entry("order-1")], Cancellation);

        Assert.Equal([InboxVerdict.New], await AddAsync(Entry("order-1")));
    }

    [Fact]
    public async Task An_empty_group_has_no_verdicts() => Assert.Empty(await AddAsync());

    [Fact]
    public async Task A_thousand_operations_in_one_call_are_all_remembered()
    {
        var entries = Enumerable.Range(0, 1000).Select(i => Entry("order-" + i)).ToArray();

        Assert.All(await AddAsync(entries), verdict => Assert.Equal(InboxVerdict.New, verdict));
        Assert.All(await AddAsync(entries), verdict => Assert.Equal(InboxVerdict.Duplicate, verdict));
    }

    [Fact]
    public async Task Handled_messages_and_duplicates_are_counted_for_each_consumer()
    {
        await AddAsync(Entry("a"), Entry("b"), Entry("c"), Entry("a"));
        await AddAsync(Entry("a"), Entry("b", fingerprint: 7), Entry("a", consumer: Shipping));

        var counts = await Store.Inbox.CountAsync(Cancellation);

        Assert.Equal(new InboxCount(Billing, 3, 2), Assert.Single(counts, count => count.Consumer == Billing));
        Assert.Equal(new InboxCount(Shipping, 1, 0), Assert.Single(counts, count => count.Consumer == Shipping));
    }

    [Fact]
    public async Task Duplicates_of_a_rolled_back_transaction_are_not_counted()
    {
        await AddAsync(Entry("a"));
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.AddToInboxAsync([Entry("a")], Cancellation);

        Assert.Contains(new InboxCount(Billing, 1, 0), await Store.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task What_is_older_than_the_age_is_forgotten_and_nothing_else()
    {
        await AddAsync(Entry("old"));
        Time.Advance(TimeSpan.FromHours(2));
        await AddAsync(Entry("young"));

        Assert.Equal(1, await Store.Inbox.ForgetAsync(Billing, TimeSpan.FromHours(1), 100, Cancellation));

        Assert.Equal([InboxVerdict.New, InboxVerdict.Duplicate], await AddAsync(Entry("old"), Entry("young")));
    }

    [Fact]
    public async Task Forgetting_stops_at_its_limit_and_goes_on_in_the_next_call()
    {
        await AddAsync([.. Enumerable.Range(0, 25).Select(i => Entry("order-" + i))]);
        Time.Advance(TimeSpan.FromDays(1));

        var forgotten = new List<int>();
        for (var i = 0; i < 4; i++)
            forgotten.Add(await Store.Inbox.ForgetAsync(Billing, TimeSpan.FromHours(1), 10, Cancellation));

        Assert.Equal([10, 10, 5, 0], forgotten);
    }

    [Fact]
    public async Task Operations_and_counts_survive_a_restart()
    {
        await AddAsync(Entry("a"), Entry("a"));

        await RestartAsync();

        Assert.Contains(new InboxCount(Billing, 1, 1), await Store.Inbox.CountAsync(Cancellation));
        Assert.Equal([InboxVerdict.Duplicate], await AddAsync(Entry("a")));
    }

    [Fact]
    public async Task A_handler_that_the_store_was_not_started_with_is_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => AddAsync(Entry("a", consumer: "Unknown.Handler")));

        Assert.Contains("Unknown.Handler", error.Message, StringComparison.Ordinal);
        Assert.False(Store.IsUnavailable(error));
    }

    private Task<IReadOnlyList<InboxVerdict>> AddAsync(params InboxEntry[] entries) =>
        CommitAsync(work => work.AddToInboxAsync(entries, Cancellation));
}
