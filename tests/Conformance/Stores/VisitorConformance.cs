namespace Reliability.Conformance;

/// <summary>A tool that looks at the tables and mends them beside the processes that use them.</summary>
public abstract class VisitorConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task A_visitor_sees_what_is_there_while_the_service_works()
    {
        await CommitAsync(async work =>
        {
            await work.AddToOutboxAsync([Row("m-1")], Minute, Cancellation);
            await work.AddDeadLetterAsync(Letter("a"), Cancellation);
            await work.DeferAsync(Deferred("b"), TimeSpan.FromHours(1), Cancellation);
            await work.AddToInboxAsync([Entry("c")], Cancellation);
            await work.AddReceiptsAsync([new Receipt("m-2", Billing, true, null)], Cancellation);
        });
        await using var visitor = await AttachAsync();

        Assert.Equal((1, 1, 1), (await visitor.CountOutboxAsync(Cancellation), await visitor.CountDeadLettersAsync(Cancellation), await visitor.CountDeferredAsync(Cancellation)));
        Assert.Contains(new InboxCount(Billing, 1, 0), await visitor.Inbox.CountAsync(Cancellation));
        Assert.Equal(MessageState.Pending, (await visitor.Audit.FindAsync("m-1", Cancellation))?.State);
        Assert.Equal(MessageState.Consumed, (await visitor.Audit.FindAsync("m-2", Cancellation))?.State);
        Assert.Equal(visitor.Schema.KnownVersion, await visitor.Schema.ReadVersionAsync(Cancellation));
    }

    [Fact]
    public async Task A_visitor_ends_no_lease()
    {
        await CommitAsync(work => work.AddToOutboxAsync([Row("held")], Minute, Cancellation));
        await CommitAsync(work => work.DeferAsync(Deferred("held"), TimeSpan.Zero, Cancellation));
        Assert.NotNull((await Store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).Message);
        await Store.Leases.ShareAsync("relay", 4, Minute, Cancellation);

        await using var visitor = await AttachAsync();

        var lease = new Lease("visitor", TimeSpan.FromMinutes(1));
        Assert.Empty(await visitor.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 10, lease), Cancellation));
        Assert.Null((await visitor.Deferral.ClaimAsync([Billing], lease, Cancellation)).Message);
        Assert.Empty((await visitor.Leases.ShareAsync("relay", 4, lease, Cancellation)).Parts);
    }

    [Fact]
    public async Task What_a_visitor_mends_the_service_takes_up()
    {
        await CommitAsync(async work =>
        {
            await work.AddToInboxAsync([Entry("a")], Cancellation);
            await work.AddDeadLetterAsync(Letter("a"), Cancellation);
            await work.DeferAsync(Deferred("b"), TimeSpan.FromHours(1), Cancellation);
        });
        await using (var visitor = await AttachAsync())
        {
            var letter = Assert.Single(await visitor.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 10, Cancellation));
            await visitor.CommitAsync(async work =>
            {
                Assert.NotNull(await work.TakeDeadLetterAsync(letter.Id, Cancellation));
                await work.RemoveFromInboxAsync([Entry("a")], Cancellation);
                await work.AddToOutboxAsync([Row("again")], null, Cancellation);
                await work.AddDeadLetterActionAsync(
                    new DeadLetterAction { DeadLetterId = letter.Id, MessageId = letter.Envelope.MessageId, Target = Billing, Kind = DeadLetterActionKind.ReplayedToRoute, By = "x" }, Cancellation);
            }, Cancellation);
            Assert.Equal(1, await visitor.Deferral.MakeDueAsync(Billing, Cancellation));
        }

        Assert.Equal("again", Assert.Single(await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 10, Minute), Cancellation)).Envelope.MessageId);
        Assert.Equal("b", (await Store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).Message?.DedupeKey);
        Assert.Equal([InboxVerdict.New], await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation)));
        Assert.Single(await Store.DeadLetters.ListActionsAsync(0, 10, Cancellation));
    }

    [Fact]
    public async Task Of_a_visitor_and_the_service_one_takes_a_letter()
    {
        await CommitAsync(work => work.AddDeadLetterAsync(Letter("a"), Cancellation));
        var id = (await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 1, Cancellation))[0].Id;
        await using var visitor = await AttachAsync();

        var taken = await Task.WhenAll(new[] { Store, visitor, Store, visitor }.Select(store =>
            Task.Run(() => store.CommitAsync(work => work.TakeDeadLetterAsync(id, Cancellation), Cancellation), Cancellation)));

        Assert.Single(taken, letter => letter is not null);
    }

    [Fact]
    public async Task Visitors_come_and_go_while_the_service_writes()
    {
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
                await CommitAsync(work => work.AddToOutboxAsync([Row("m-" + i)], null, Cancellation));
        }, Cancellation);

        for (var i = 0; i < 5; i++)
        {
            await using var visitor = await AttachAsync();
            await visitor.CommitAsync(work => work.AddDeadLetterAsync(Letter("v-" + i), Cancellation), Cancellation);
            Assert.InRange(await visitor.CountOutboxAsync(Cancellation), 0, 60);
        }

        await writing;
        Assert.Equal((60, 5), (await Store.CountOutboxAsync(Cancellation), await Store.CountDeadLettersAsync(Cancellation)));
    }

    [Fact]
    public async Task A_visitor_can_attach_again_and_where_no_service_runs()
    {
        await CommitAsync(work => work.AddToOutboxAsync([Row("m-1")], Minute, Cancellation));
        await Store.DisposeAsync();
        await using var visitor = await AttachAsync();

        await visitor.AttachAsync(Cancellation);

        Assert.Equal(1, await visitor.CountOutboxAsync(Cancellation));
    }

    private async Task<IMessageStore> AttachAsync()
    {
        var visitor = await Place.OpenAsync(Time);
        await visitor.AttachAsync(Cancellation);
        return visitor;
    }
}
