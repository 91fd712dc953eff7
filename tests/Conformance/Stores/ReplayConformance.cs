namespace Reliability.Conformance;

/// <summary>What people do with dead letters: choose them, take them, and leave a trail.</summary>
public abstract class ReplayConformance(IStorePlace place) : StoreConformance(place)
{
    private static readonly DateTimeOffset Began = new AdjustableTime().GetUtcNow();

    public static TheoryData<string> Filters => [.. Chosen.Keys];

    private static Dictionary<string, (DeadLetterFilter Filter, string Letters)> Chosen { get; } = new()
    {
        ["all"] = (DeadLetterFilter.All, "a b c d"),
        ["outgoing"] = (new() { IsOutgoing = true }, "d"),
        ["incoming"] = (new() { IsOutgoing = false }, "a b c"),
        ["handler"] = (new() { Handler = Shipping }, "b"),
        ["source"] = (new() { Source = "orders.paid" }, "a c"),
        ["reason"] = (new() { Reason = DeadLetterReason.Conflict }, "c"),
        ["message id"] = (new() { MessageId = "m-b" }, "b"),
        ["message name"] = (new() { MessageName = "OrderShipped" }, "b d"),
        ["from"] = (new() { From = Began + TimeSpan.FromHours(1) }, "b c d"),
        ["until"] = (new() { Until = Began + TimeSpan.FromHours(1) }, "a"),
        ["from until"] = (new() { From = Began + TimeSpan.FromHours(1), Until = Began + TimeSpan.FromHours(3) }, "b c"),
        ["between milliseconds"] = (new() { From = Began + TimeSpan.FromMilliseconds(0.5) }, "b c d"),
        ["no numbers"] = (new() { Ids = [] }, ""),
        ["several"] = (new() { IsOutgoing = false, MessageName = "OrderShipped", Handler = Shipping, Source = "orders.shipped", MessageId = "m-b", Reason = DeadLetterReason.AttemptsExhausted }, "b"),
        ["contradiction"] = (new() { IsOutgoing = true, Handler = Billing }, ""),
        ["other case"] = (new() { Source = "ORDERS.PAID" }, ""),
        ["hostile"] = (new() { Source = "' OR '1'='1", Handler = "%", MessageId = "m\0" }, ""),
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_chooses_what_it_says_and_counts_the_same(string name)
    {
        await AddFourAsync();
        var (filter, letters) = Chosen[name];

        var listed = await Store.DeadLetters.ListAsync(filter, 0, 100, Cancellation);

        Assert.Equal(letters, string.Join(' ', listed.Select(letter => letter.DedupeKey)));
        Assert.Equal(listed.Count, await Store.DeadLetters.CountAsync(filter, Cancellation));
    }

    [Fact]
    public async Task Letters_are_chosen_by_number_a_page_at_a_time()
    {
        await AddFourAsync();
        var all = await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 100, Cancellation);
        var filter = new DeadLetterFilter { Ids = [all[3].Id, all[0].Id, all[2].Id, all[3].Id + 1000, all[0].Id] };

        Assert.Equal(3, await Store.DeadLetters.CountAsync(filter, Cancellation));
        var first = await Store.DeadLetters.ListAsync(filter, 0, 2, Cancellation);
        var second = await Store.DeadLetters.ListAsync(filter, first[^1].Id, 2, Cancellation);
        Assert.Equal(["a", "c", "d"], first.Concat(second).Select(letter => letter.DedupeKey));
        Assert.Equal(["c"], (await Store.DeadLetters.ListAsync(filter with { Reason = DeadLetterReason.Conflict }, 0, 2, Cancellation)).Select(letter => letter.DedupeKey));
    }

    [Fact]
    public async Task A_letter_is_taken_as_it_was_kept_and_once()
    {
        await AddAsync(Letter("a"), Letter("b"));
        var kept = (await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 1, Cancellation))[0];

        var taken = await TakeAsync(kept.Id);

        Assert.NotNull(taken);
        AssertSame(kept.Envelope, taken.Envelope);
        Assert.Equal(kept, taken with { Envelope = kept.Envelope });
        Assert.Null(await TakeAsync(kept.Id));
        Assert.Null(await TakeAsync(kept.Id + 1000));
        Assert.Equal(1, await Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task A_letter_taken_in_a_transaction_that_is_rolled_back_is_still_there()
    {
        await AddAsync(Letter("a"));
        var id = (await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 1, Cancellation))[0].Id;
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            Assert.NotNull(await work.TakeDeadLetterAsync(id, Cancellation));
            Assert.Null(await work.TakeDeadLetterAsync(id, Cancellation));
        }

        Assert.NotNull(await TakeAsync(id));
    }

    [Fact]
    public async Task Of_several_who_take_a_letter_at_the_same_time_one_gets_it()
    {
        await AddAsync(Letter("a"));
        var id = (await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 1, Cancellation))[0].Id;

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TakeAsync(id), Cancellation)));

        Assert.Single(taken, letter => letter is not null);
    }

    [Fact]
    public async Task A_letter_that_was_taken_can_come_again_under_another_number()
    {
        await AddAsync(Letter("a"));
        var id = (await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 1, Cancellation))[0].Id;
        await TakeAsync(id);

        await AddAsync(Letter("a"));

        Assert.NotEqual(id, Assert.Single(await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 10, Cancellation)).Id);
    }

    [Fact]
    public async Task What_was_done_stays_on_record_after_the_letter_is_gone()
    {
        await AddAsync(Letter("a"));
        var id = (await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 1, Cancellation))[0].Id;
        DeadLetterAction[] actions =
        [
            .. Enum.GetValues<DeadLetterActionKind>().Select(kind => new DeadLetterAction
            {
                DeadLetterId = id,
                MessageId = "m-a\0'; --",
                Target = Billing,
                Kind = kind,
                By = "zoë@example.org",
                Note = kind == DeadLetterActionKind.Discarded ? "sent by mistake: 'tenant' \"north\" 😀" : null,
            }),
        ];
        await CommitAsync(async work =>
        {
            await work.TakeDeadLetterAsync(id, Cancellation);
            foreach (var action in actions)
                await work.AddDeadLetterActionAsync(action, Cancellation);
        });

        var kept = await Store.DeadLetters.ListActionsAsync(0, 100, Cancellation);

        Assert.Equal(actions.Zip(kept, (action, record) => action with { Id = record.Id, At = Time.GetUtcNow() }), kept);
        Assert.Equal(actions.Length, kept.Count);
        Assert.Equal(kept.Select(record => record.Id).Order(), kept.Select(record => record.Id));
        Assert.Equal(kept.Skip(2).Take(1), await Store.DeadLetters.ListActionsAsync(kept[1].Id, 1, Cancellation));
        Assert.Empty(await Store.DeadLetters.ListActionsAsync(kept[^1].Id, 100, Cancellation));
    }

    [Fact]
    public async Task An_action_whose_transaction_is_rolled_back_is_not_on_record()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.AddDeadLetterActionAsync(new DeadLetterAction { DeadLetterId = 1, MessageId = "m", Target = Billing, Kind = DeadLetterActionKind.Discarded, By = "x" }, Cancellation);

        Assert.Empty(await Store.DeadLetters.ListActionsAsync(0, 100, Cancellation));
    }

    [Fact]
    public async Task An_operation_removed_from_the_inbox_can_be_handled_again_and_others_cannot()
    {
        await CommitAsync(work => work.AddToInboxAsync([Entry("a"), Entry("b"), Entry("a", consumer: Shipping)], Cancellation));

        await CommitAsync(work => work.RemoveFromInboxAsync([Entry("a"), Entry("unknown")], Cancellation));
        await CommitAsync(work => work.RemoveFromInboxAsync([], Cancellation));

        Assert.Equal([InboxVerdict.New, InboxVerdict.Duplicate, InboxVerdict.Duplicate],
            await CommitAsync(work => work.AddToInboxAsync([Entry("a"), Entry("b"), Entry("a", consumer: Shipping)], Cancellation)));
    }

    [Fact]
    public async Task A_removal_from_the_inbox_that_is_rolled_back_was_never_made()
    {
        await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation));
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            await work.RemoveFromInboxAsync([Entry("a")], Cancellation);
            Assert.Equal([InboxVerdict.New], await work.AddToInboxAsync([Entry("a")], Cancellation));
        }

        Assert.Equal([InboxVerdict.Duplicate], await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation)));
    }

    private async Task AddFourAsync()
    {
        await AddAsync(Letter("a"));
        Time.Advance(TimeSpan.FromHours(1));
        await AddAsync(Letter("b") with { Handler = Shipping, Source = "orders.shipped", Envelope = Message("m-b") with { MessageName = "OrderShipped" } });
        Time.Advance(TimeSpan.FromHours(1));
        await AddAsync(Letter("c") with { Reason = DeadLetterReason.Conflict });
        Time.Advance(TimeSpan.FromHours(1));
        await AddAsync(Letter("d") with
        {
            IsOutgoing = true,
            Handler = null,
            Source = "shipments",
            Reason = DeadLetterReason.Undeliverable,
            Envelope = Message("m-d") with { MessageName = "OrderShipped" },
        });
    }

    private Task AddAsync(params DeadLetter[] letters) => CommitAsync(async work =>
    {
        foreach (var letter in letters)
            await work.AddDeadLetterAsync(letter, Cancellation);
    });

    private Task<DeadLetter?> TakeAsync(long id) => CommitAsync(work => work.TakeDeadLetterAsync(id, Cancellation));
}
