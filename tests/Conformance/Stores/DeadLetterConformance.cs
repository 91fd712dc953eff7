namespace Reliability.Conformance;

/// <summary>What cannot be handled or sent is kept, once, and as it was.</summary>
public abstract class DeadLetterConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task A_letter_comes_back_as_it_was_kept()
    {
        var firstAt = Time.GetUtcNow() - TimeSpan.FromHours(3);
        var letter = Letter("a") with { FirstAt = firstAt };
        await AddAsync(letter);

        var kept = Assert.Single(await ListAsync());

        Assert.True(kept.Id > 0);
        AssertSame(letter.Envelope, kept.Envelope);
        Assert.Equal(letter with { Id = kept.Id, At = Time.GetUtcNow(), Envelope = kept.Envelope }, kept);
    }

    [Fact]
    public async Task An_outgoing_letter_without_handler_and_keys_comes_back_as_it_was_kept()
    {
        var letter = new DeadLetter
        {
            IsOutgoing = true,
            Transport = TransportNames.Kafka,
            Source = "invoices",
            Envelope = new Envelope { MessageId = "", Body = ReadOnlyMemory<byte>.Empty },
            Reason = DeadLetterReason.Undeliverable,
            Error = "",
        };
        await AddAsync(letter);

        var kept = Assert.Single(await ListAsync());

        AssertSame(letter.Envelope, kept.Envelope);
        Assert.Equal(letter with { Id = kept.Id, FirstAt = Time.GetUtcNow(), At = Time.GetUtcNow(), Envelope = kept.Envelope }, kept);
    }

    [Fact]
    public async Task Every_reason_is_kept()
    {
        var reasons = Enum.GetValues<DeadLetterReason>();
        await AddAsync([.. reasons.Select(reason => Letter("m-" + reason) with { Reason = reason })]);

        Assert.Equal(reasons, (await ListAsync()).Select(letter => letter.Reason));
    }

    [Fact]
    public async Task The_same_letter_kept_twice_is_kept_once()
    {
        await AddAsync(Letter("a"));
        await AddAsync(Letter("a") with { Attempts = 7, Error = "another" }, Letter("a"));

        Assert.Equal(5, Assert.Single(await ListAsync()).Attempts);
        Assert.Equal(1, await Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Two_contents_under_one_key_are_two_letters()
    {
        await AddAsync(Letter("a") with { Envelope = Message("m", "{\"amount\":1}") }, Letter("a") with { Envelope = Message("m", "{\"amount\":2}") });

        Assert.Equal(2, await Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task One_message_that_two_handlers_failed_on_is_two_letters()
    {
        await AddAsync(Letter("a"), Letter("a") with { Handler = Shipping });

        Assert.Equal(2, await Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Incoming_and_outgoing_letters_are_not_taken_for_each_other()
    {
        await AddAsync(Letter("a"), Letter("a") with { IsOutgoing = true });

        Assert.Equal([false, true], (await ListAsync()).Select(letter => letter.IsOutgoing));
    }

    [Fact]
    public async Task Letters_without_a_dedupe_key_are_told_apart_by_message_id_and_then_by_body()
    {
        DeadLetter Keyless(string id, string body) => Letter("a") with { DedupeKey = null, Handler = null, Envelope = Message(id, body) };

        await AddAsync(Keyless("m-1", "x"), Keyless("m-2", "x"), Keyless("m-1", "x"), Keyless("", "y"), Keyless("", "z"), Keyless("", "y"));

        Assert.Equal(4, await Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task A_long_error_is_trimmed_and_no_character_is_split()
    {
        await AddAsync(Letter("a") with { Error = new string('e', 5000) }, Letter("b") with { Error = new string('e', 3999) + "😀😀" });

        Assert.Equal([new string('e', 4000), new string('e', 3999)], (await ListAsync()).Select(letter => letter.Error));
    }

    [Fact]
    public async Task Letters_are_listed_by_number_a_page_at_a_time()
    {
        await AddAsync([.. Enumerable.Range(0, 25).Select(i => Letter($"m-{i:00}"))]);

        var pages = new List<int>();
        var keys = new List<string?>();
        long after = 0;
        while (await Store.DeadLetters.ListAsync(DeadLetterFilter.All, after, 10, Cancellation) is { Count: > 0 } page)
        {
            pages.Add(page.Count);
            keys.AddRange(page.Select(letter => letter.DedupeKey));
            after = page[^1].Id;
        }

        Assert.Equal([10, 10, 5], pages);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"m-{i:00}"), keys);
    }

    [Fact]
    public async Task A_rolled_back_letter_was_never_kept()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.AddDeadLetterAsync(Letter("a"), Cancellation);

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Letters_survive_a_restart()
    {
        await AddAsync(Letter("a"));

        await RestartAsync();

        Assert.Equal("a", Assert.Single(await ListAsync()).DedupeKey);
    }

    private Task AddAsync(params DeadLetter[] letters) => CommitAsync(async work =>
    {
        foreach (var letter in letters)
            await work.AddDeadLetterAsync(letter, Cancellation);
    });

    private async Task<IReadOnlyList<DeadLetter>> ListAsync() => await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 100, Cancellation);
}
