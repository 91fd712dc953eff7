namespace Reliability.Conformance;

/// <summary>What became of a message, by its id.</summary>
public abstract class AuditConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task Of_an_unknown_id_nothing_is_known()
    {
        await AddAsync(Row("m-1"));

        Assert.Null(await FindAsync("m-2"));
        Assert.Null(await FindAsync("M-1"));
        Assert.Null(await FindAsync(""));
    }

    [Fact]
    public async Task A_message_in_the_outbox_is_pending_whether_free_held_or_failed()
    {
        var at = Time.GetUtcNow();
        var row = Row("m-1", route: "exchange/key");
        await AddAsync(row);
        Time.Advance(TimeSpan.FromSeconds(3));
        await RequireAsync("m-1", new MessageStatus("m-1", MessageState.Pending, at, TransportNames.RabbitMq, "exchange/key", 0, []));

        await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 1, Minute), Cancellation);
        await RequireAsync("m-1", new MessageStatus("m-1", MessageState.Pending, at, TransportNames.RabbitMq, "exchange/key", 0, []));

        await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, TimeSpan.FromMinutes(1))], Cancellation);
        await RequireAsync("m-1", new MessageStatus("m-1", MessageState.Pending, at, TransportNames.RabbitMq, "exchange/key", 1, []));
    }

    [Fact]
    public async Task A_message_removed_with_audit_is_sent_and_one_removed_without_is_forgotten()
    {
        OutboxRow[] rows = [Row("m-1", route: "exchange/key"), Row("m-2")];
        await AddAsync(rows);
        await Store.Outbox.RescheduleAsync([new OutboxRetry(rows[0].Id, TimeSpan.Zero)], Cancellation);
        Time.Advance(TimeSpan.FromSeconds(3));

        await Store.Outbox.RemoveAsync([rows[0].Id], audit: true, Cancellation);
        await Store.Outbox.RemoveAsync([rows[1].Id], audit: false, Cancellation);

        await RequireAsync("m-1", new MessageStatus("m-1", MessageState.Sent, Time.GetUtcNow(), TransportNames.RabbitMq, "exchange/key", 1, []));
        Assert.Null(await FindAsync("m-2"));
        Assert.Equal(0, await Store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Rows_removed_twice_or_never_there_are_passed_over()
    {
        var row = Row("m-1");
        await AddAsync(row);
        var at = Time.GetUtcNow();
        await Store.Outbox.RemoveAsync([row.Id, row.Id + 1000], audit: true, Cancellation);
        Time.Advance(TimeSpan.FromMinutes(1));

        await Store.Outbox.RemoveAsync([row.Id], audit: true, Cancellation);

        Assert.Equal((MessageState.Sent, at), (await FindAsync("m-1") is { } status) ? (status.State, status.At) : default);
    }

    [Fact]
    public async Task A_message_that_could_not_be_sent_has_failed()
    {
        var row = Row("m-1");
        await AddAsync(row);
        Time.Advance(TimeSpan.FromMinutes(5));
        await CommitAsync(async work =>
        {
            await work.RemoveFromOutboxAsync([row.Id], Cancellation);
            await work.AddDeadLetterAsync(OutgoingLetter("m-1"), Cancellation);
        });

        await RequireAsync("m-1", new MessageStatus("m-1", MessageState.Failed, Time.GetUtcNow(), TransportNames.RabbitMq, "invoices", 5, []));
    }

    [Fact]
    public async Task A_failed_message_that_is_sent_again_is_pending_and_then_sent()
    {
        await CommitAsync(work => work.AddDeadLetterAsync(OutgoingLetter("m-1"), Cancellation));
        var letter = Assert.Single(await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 10, Cancellation));
        var row = Row("m-1");

        await CommitAsync(async work =>
        {
            Assert.NotNull(await work.TakeDeadLetterAsync(letter.Id, Cancellation));
            await work.AddToOutboxAsync([row], null, Cancellation);
        });

        Assert.Equal(MessageState.Pending, (await FindAsync("m-1"))?.State);
        await Store.Outbox.RemoveAsync([row.Id], audit: true, Cancellation);
        Assert.Equal(MessageState.Sent, (await FindAsync("m-1"))?.State);
    }

    [Fact]
    public async Task A_handled_message_is_consumed_and_tells_where_it_was_sent()
    {
        var row = Row("m-1");
        await AddAsync(row);
        await Store.Outbox.RemoveAsync([row.Id], audit: true, Cancellation);
        Time.Advance(TimeSpan.FromSeconds(2));

        await ReportAsync(new Receipt("m-1", Billing, Consumed: true, null));

        var receipt = new Receipt("m-1", Billing, true, null) { At = Time.GetUtcNow() };
        await RequireAsync("m-1", new MessageStatus("m-1", MessageState.Consumed, Time.GetUtcNow(), TransportNames.RabbitMq, "invoices", 0, [receipt]));
    }

    [Fact]
    public async Task Where_only_receipts_are_known_no_transport_is()
    {
        await ReportAsync(new Receipt("m-1", Billing, Consumed: true, null));

        var status = await FindAsync("m-1");

        Assert.NotNull(status);
        Assert.Equal((MessageState.Consumed, null, null, 0), (status.State, status.Transport, status.Route, status.Attempts));
    }

    [Fact]
    public async Task Of_several_handlers_the_one_that_could_not_handle_it_tells_the_state()
    {
        await ReportAsync(new Receipt("m-1", Billing, false, "Rejected: no such customer"));
        var failedAt = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromSeconds(1));
        await ReportAsync(new Receipt("m-1", Shipping, true, null));

        var status = await FindAsync("m-1");

        Assert.NotNull(status);
        Assert.Equal((MessageState.ConsumptionFailed, failedAt), (status.State, status.At));
        Assert.Equal(
            [new Receipt("m-1", Billing, false, "Rejected: no such customer") { At = failedAt }, new Receipt("m-1", Shipping, true, null) { At = Time.GetUtcNow() }],
            status.Receipts.OrderBy(receipt => receipt.Consumer, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_last_report_of_a_handler_stands()
    {
        await ReportAsync(new Receipt("m-1", Billing, false, "Rejected"), new Receipt("m-2", Billing, true, null));
        Time.Advance(TimeSpan.FromSeconds(1));
        await ReportAsync(new Receipt("m-1", Billing, true, null));

        Assert.Equal(MessageState.Consumed, (await FindAsync("m-1"))?.State);
        Assert.Equal([new Receipt("m-1", Billing, true, null) { At = Time.GetUtcNow() }], (await FindAsync("m-1"))?.Receipts);
    }

    [Fact]
    public async Task Of_two_reports_in_one_call_the_second_stands()
    {
        await ReportAsync(new Receipt("m-1", Billing, true, null), new Receipt("m-1", Billing, false, "Rejected"));

        Assert.Equal(MessageState.ConsumptionFailed, (await FindAsync("m-1"))?.State);
    }

    [Fact]
    public async Task Reports_that_are_rolled_back_were_never_made()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
            await work.AddReceiptsAsync([new Receipt("m-1", Billing, true, null)], Cancellation);

        await CommitAsync(work => work.AddReceiptsAsync([], Cancellation));

        Assert.Null(await FindAsync("m-1"));
    }

    [Fact]
    public async Task What_is_older_than_the_age_is_forgotten_and_nothing_else()
    {
        await SendAsync("old");
        await ReportAsync(new Receipt("old-receipt", Billing, true, null));
        Time.Advance(TimeSpan.FromHours(2));
        await SendAsync("young");
        await ReportAsync(new Receipt("young-receipt", Billing, true, null));
        await AddAsync(Row("pending"));

        Assert.Equal(1, await Store.Audit.ForgetAsync(TimeSpan.FromHours(1), 100, Cancellation));

        Assert.Equal([null, null, MessageState.Sent, MessageState.Consumed, MessageState.Pending],
            new[] { await FindAsync("old"), await FindAsync("old-receipt"), await FindAsync("young"), await FindAsync("young-receipt"), await FindAsync("pending") }
                .Select(status => status?.State));
    }

    [Fact]
    public async Task Forgetting_stops_at_its_limit_for_each_kind_and_tells_the_larger_number()
    {
        await SendAsync([.. Enumerable.Range(0, 25).Select(i => "m-" + i)]);
        await ReportAsync([.. Enumerable.Range(0, 5).Select(i => new Receipt("m-" + i, Billing, true, null))]);
        Time.Advance(TimeSpan.FromDays(1));

        var forgotten = new List<int>();
        for (var i = 0; i < 4; i++)
            forgotten.Add(await Store.Audit.ForgetAsync(TimeSpan.FromHours(1), 10, Cancellation));

        Assert.Equal([10, 10, 5, 0], forgotten);
    }

    [Fact]
    public async Task Odd_and_long_ids_are_told_apart()
    {
        string[] ids = ["a\0b", "a\0c", "é", "e\u0301", "'; --", "", new string('i', 20_000) + "1", new string('i', 20_000) + "2"];
        foreach (var id in ids)
        {
            Assert.Null(await FindAsync(id));
            await SendAsync(id);
            await ReportAsync(new Receipt(id, Billing, true, null));
            Assert.Equal(id, (await FindAsync(id))?.MessageId);
        }
    }

    [Fact]
    public async Task What_is_known_survives_a_restart()
    {
        await SendAsync("m-1");
        await ReportAsync(new Receipt("m-2", Billing, false, "Rejected"));

        await RestartAsync();

        Assert.Equal((MessageState.Sent, MessageState.ConsumptionFailed), ((await FindAsync("m-1"))?.State, (await FindAsync("m-2"))?.State));
    }

    private static DeadLetter OutgoingLetter(string id) => new()
    {
        IsOutgoing = true,
        Transport = TransportNames.RabbitMq,
        Source = "invoices",
        Envelope = Message(id),
        Reason = DeadLetterReason.Undeliverable,
        Error = "returned",
        Attempts = 5,
    };

    private async Task SendAsync(params string[] ids)
    {
        OutboxRow[] rows = [.. ids.Select(id => Row(id))];
        await AddAsync(rows);
        await Store.Outbox.RemoveAsync([.. rows.Select(row => row.Id)], audit: true, Cancellation);
    }

    private async Task RequireAsync(string id, MessageStatus expected)
    {
        var actual = await FindAsync(id);
        Assert.NotNull(actual);
        Assert.Equal(expected.Receipts, actual.Receipts);
        Assert.Equal(expected with { Receipts = [] }, actual with { Receipts = [] });
    }

    private Task AddAsync(params OutboxRow[] rows) => CommitAsync(work => work.AddToOutboxAsync(rows, null, Cancellation));

    private Task ReportAsync(params Receipt[] receipts) => CommitAsync(work => work.AddReceiptsAsync(receipts, Cancellation));

    private async Task<MessageStatus?> FindAsync(string id) => await Store.Audit.FindAsync(id, Cancellation);
}
