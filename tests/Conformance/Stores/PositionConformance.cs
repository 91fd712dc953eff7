namespace Reliability.Conformance;

/// <summary>How far a handler has come in a log: what lies ahead is new, once, and nothing goes back.</summary>
public abstract class PositionConformance(IStorePlace place) : StoreConformance(place)
{
    private const string Orders = "orders";

    [Fact]
    public async Task A_record_is_new_once()
    {
        Assert.Equal([InboxVerdict.New], await TakeAsync(At(7)));
        Assert.Equal([InboxVerdict.Duplicate], await TakeAsync(At(7)));
    }

    [Fact]
    public async Task The_first_record_of_a_log_is_new_at_whatever_offset_it_lies()
    {
        Assert.Equal([InboxVerdict.New], await TakeAsync(At(0)));
        Assert.Equal([InboxVerdict.New], await TakeAsync(At(long.MaxValue, part: "log/1")));
        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.Duplicate], await TakeAsync(At(0), At(long.MaxValue, part: "log/1")));
    }

    [Fact]
    public async Task What_lies_before_the_position_is_a_duplicate_and_moves_nothing_back()
    {
        await TakeAsync(At(10));

        Assert.Equal([InboxVerdict.Duplicate], await TakeAsync(At(3)));

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.New], await TakeAsync(At(10), At(11)));
    }

    [Fact]
    public async Task A_group_that_begins_before_the_position_is_new_from_there_on()
    {
        await TakeAsync(At(5), At(6));

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.Duplicate, InboxVerdict.New, InboxVerdict.New], await TakeAsync(At(5), At(6), At(8), At(9)));

        Assert.Equal([new LogPosition("log/0", 9)], await ReadAsync());
    }

    [Fact]
    public async Task A_record_that_comes_twice_in_a_group_is_a_duplicate_from_the_second_on() =>
        Assert.Equal([InboxVerdict.New, InboxVerdict.New, InboxVerdict.Duplicate, InboxVerdict.Duplicate, InboxVerdict.New], await TakeAsync(At(1), At(2), At(1), At(2), At(3)));

    [Fact]
    public async Task Each_log_source_and_handler_has_a_position_of_its_own()
    {
        await TakeAsync(At(10));

        Assert.Equal(
            [InboxVerdict.New, InboxVerdict.New, InboxVerdict.New, InboxVerdict.Duplicate],
            await TakeAsync(At(4, part: "log/1"), At(4, consumer: Shipping), At(4, source: "payments"), At(4)));
    }

    [Fact]
    public async Task A_log_made_anew_under_the_same_name_begins_at_its_beginning()
    {
        await TakeAsync(At(10));

        Assert.Equal([InboxVerdict.New, InboxVerdict.New], await TakeAsync(At(0, part: "new log/0"), At(1, part: "new log/0")));

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.Duplicate], await TakeAsync(At(10), At(1, part: "new log/0")));
    }

    [Fact]
    public async Task Offsets_given_again_after_the_end_of_a_log_was_lost_are_new()
    {
        await TakeAsync(At(9, epoch: 5), At(10, epoch: 5));

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.New, InboxVerdict.New], await TakeAsync(At(8, epoch: 5), At(9, epoch: 6), At(10, epoch: 6)));

        Assert.Equal([new LogPosition("log/0", 10) { Epoch = 6 }], await ReadAsync());
        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.Duplicate], await TakeAsync(At(9, epoch: 6), At(10, epoch: 6)));
    }

    [Fact]
    public async Task A_record_of_the_lost_end_of_a_log_is_handled_and_moves_nothing()
    {
        await TakeAsync(At(10, epoch: 6));

        Assert.Equal([InboxVerdict.New], await TakeAsync(At(12, epoch: 5)));

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.New], await TakeAsync(At(10, epoch: 6), At(11, epoch: 6)));
    }

    [Fact]
    public async Task A_rolled_back_record_was_never_taken()
    {
        await TakeAsync(At(1));
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.TakePositionsAsync([At(2), At(5, part: "log/1")], Cancellation);

        Assert.Equal([InboxVerdict.New, InboxVerdict.New], await TakeAsync(At(2), At(5, part: "log/1")));
    }

    [Fact]
    public async Task What_a_transaction_has_taken_it_finds_taken()
    {
        var verdicts = await CommitAsync(async work =>
        {
            await work.TakePositionsAsync([At(1)], Cancellation);
            await work.TakePositionsAsync([At(2)], Cancellation);
            return await work.TakePositionsAsync([At(1), At(2), At(3)], Cancellation);
        });

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.Duplicate, InboxVerdict.New], verdicts);
    }

    [Fact]
    public async Task Of_two_that_take_the_same_records_at_once_one_takes_each()
    {
        PositionEntry[] records = [.. Enumerable.Range(0, 40).Select(offset => At(offset))];
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var count = 0;
            foreach (var group in records.Chunk(worker + 3))
                count += (await TakeAsync(group)).Count(verdict => verdict == InboxVerdict.New);

            return count;
        }, Cancellation)));

        Assert.Equal(records.Length, taken.Sum());
    }

    [Fact]
    public async Task Groups_over_the_same_logs_in_another_order_do_not_lock_each_other_out()
    {
        string[] parts = [.. Enumerable.Range(0, 12).Select(part => $"log/{part}")];
        var random = new Random(1);
        var orders = Enumerable.Range(0, 4).Select(_ => parts.OrderBy(_ => random.Next()).ToArray()).ToList();

        await Task.WhenAll(orders.Select(order => Task.Run(async () =>
        {
            for (var offset = 0; offset < 20; offset++)
                await TakeAsync([.. order.Select(part => At(offset, part: part))]);
        }, Cancellation)));

        Assert.Equal([.. parts.Order(StringComparer.Ordinal).Select(part => new LogPosition(part, 19))], await ReadAsync());
    }

    [Fact]
    public async Task Where_nothing_was_taken_there_are_no_positions() => Assert.Empty(await ReadAsync());

    [Fact]
    public async Task Positions_are_read_by_handler_and_source()
    {
        await TakeAsync(At(3), At(8, part: "log/1"), At(5, source: "payments"), At(6, consumer: Shipping));

        Assert.Equal([new LogPosition("log/0", 3), new LogPosition("log/1", 8)], await ReadAsync());
    }

    [Theory]
    [InlineData("orders's \"topic\" \\ [0]/é")]
    [InlineData("")]
    public async Task Sources_and_parts_are_kept_exactly(string text)
    {
        await TakeAsync(At(1, part: text, source: text));

        Assert.Equal([InboxVerdict.Duplicate], await TakeAsync(At(1, part: text, source: text)));
        Assert.Equal([new LogPosition(text, 1)], await Store.Positions.ReadAsync(Billing, text, Cancellation));
    }

    [Fact]
    public async Task An_empty_group_takes_nothing() => Assert.Empty(await TakeAsync());

    [Fact]
    public async Task Duplicates_are_counted_and_no_inbox_row_is_written()
    {
        await TakeAsync(At(1), At(2));
        await TakeAsync(At(1), At(2), At(3));

        Assert.Contains(new InboxCount(Billing, 0, 2), await Store.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Retention_forgets_no_position()
    {
        await TakeAsync(At(1));
        Time.Advance(TimeSpan.FromDays(400));

        await Store.Inbox.ForgetAsync(Billing, TimeSpan.FromHours(1), 100, Cancellation);

        Assert.Equal([InboxVerdict.Duplicate], await TakeAsync(At(1)));
    }

    [Fact]
    public async Task Positions_survive_a_restart_and_a_new_name_of_their_handler()
    {
        await TakeAsync(At(4));

        await RestartAsync(new ConsumerRegistration("Billing.Invoice", [Billing]), new ConsumerRegistration(Shipping, []));

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.New], await TakeAsync(At(4, consumer: "Billing.Invoice"), At(5, consumer: "Billing.Invoice")));
    }

    [Fact]
    public async Task A_handler_that_the_store_was_not_started_with_is_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TakeAsync(At(1, consumer: "Unknown.Handler")));

        Assert.Contains("Unknown.Handler", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Store.Positions.ReadAsync("Unknown.Handler", Orders, Cancellation));
    }

    private static PositionEntry At(long offset, string part = "log/0", long epoch = 0, string consumer = Billing, string source = Orders) =>
        new(consumer, source, new LogPosition(part, offset) { Epoch = epoch });

    private Task<IReadOnlyList<InboxVerdict>> TakeAsync(params PositionEntry[] entries) =>
        CommitAsync(work => work.TakePositionsAsync(entries, Cancellation));

    private async Task<IReadOnlyList<LogPosition>> ReadAsync() => await Store.Positions.ReadAsync(Billing, Orders, Cancellation);
}
