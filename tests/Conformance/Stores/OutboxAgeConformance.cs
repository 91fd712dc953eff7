namespace Reliability.Conformance;

/// <summary>How old the outbox is, and until when its rows are wanted.</summary>
public abstract class OutboxAgeConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task The_oldest_row_of_a_transport_tells_how_long_it_waits()
    {
        var began = Time.GetUtcNow();
        var first = Row("a");
        await AddAsync(first, Row("k", transport: TransportNames.Kafka));
        Time.Advance(TimeSpan.FromMinutes(3));
        await AddAsync(Row("b"));

        Assert.Equal(began, await OldestAsync());
        Assert.Equal(began, await OldestAsync(TransportNames.Kafka));
        Assert.Null(await OldestAsync(TransportNames.Local));
        await Store.Outbox.RemoveAsync([first.Id], audit: true, Cancellation);
        Assert.Equal(began + TimeSpan.FromMinutes(3), await OldestAsync());
    }

    [Fact]
    public async Task A_row_that_is_held_or_failed_counts_and_one_that_was_to_be_delayed_does_not()
    {
        await AddAsync(Row("later", notBefore: Time.GetUtcNow() + TimeSpan.FromHours(1)));
        Assert.Null(await OldestAsync());

        Time.Advance(TimeSpan.FromMinutes(1));
        var row = Row("a");
        var written = Time.GetUtcNow();
        await CommitAsync(work => work.AddToOutboxAsync([row], Minute, Cancellation));
        Assert.Equal(written, await OldestAsync());
        await Store.Outbox.RescheduleAsync([new OutboxRetry(row.Id, TimeSpan.FromHours(2))], Cancellation);
        Assert.Equal(written, await OldestAsync());

        Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal(written, await OldestAsync());
    }

    [Fact]
    public async Task When_a_row_expires_is_kept_and_left_to_the_holder()
    {
        var at = Time.GetUtcNow() + TimeSpan.FromMinutes(5);
        await AddAsync(
            new OutboxRow { Transport = TransportNames.RabbitMq, Route = "invoices", Envelope = Message("a"), ExpiresAt = at },
            new OutboxRow { Transport = TransportNames.RabbitMq, Route = "invoices", Envelope = Message("b"), ExpiresAt = at - TimeSpan.FromDays(1) },
            Row("c"));

        var rows = await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 10, Minute), Cancellation);

        Assert.Equal([at, at - TimeSpan.FromDays(1), null], rows.Select(row => row.ExpiresAt));
    }

    [Fact]
    public async Task The_backlog_counts_the_rows_that_failed_apart()
    {
        OutboxRow[] rows = [Row("a"), Row("b"), Row("c")];
        await CommitAsync(work => work.AddToOutboxAsync(rows, Minute, Cancellation));
        await Store.Outbox.RescheduleAsync([new OutboxRetry(rows[1].Id, TimeSpan.FromMinutes(1))], Cancellation);

        var backlog = Assert.Single(await Store.Outbox.CountAsync(Cancellation));

        Assert.Equal((3, 1), (backlog.Rows, backlog.Failing));
    }

    private Task AddAsync(params OutboxRow[] rows) => CommitAsync(work => work.AddToOutboxAsync(rows, null, Cancellation));

    private async Task<DateTimeOffset?> OldestAsync(string transport = TransportNames.RabbitMq) => await Store.Outbox.FindOldestAsync(transport, Cancellation);
}
