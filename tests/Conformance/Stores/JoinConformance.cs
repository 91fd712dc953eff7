using System.Data;
using System.Data.Common;

namespace Reliability.Conformance;

/// <summary>Units of work on a transaction that the application opened itself.</summary>
public abstract class JoinConformance(IStorePlace place) : StoreConformance(place)
{
    [Fact]
    public async Task What_is_written_into_a_joined_transaction_is_kept_when_its_owner_commits()
    {
        await using var connection = await Place.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var work = Store.Join(transaction))
        {
            await WriteAllAsync(work);
            Assert.Same(connection, work.Connection);
            Assert.Same(transaction, work.Transaction);
        }

        Assert.Equal(0, await Store.CountOutboxAsync(Cancellation));
        await transaction.CommitAsync(Cancellation);

        await AssertKeptAsync();
    }

    [Fact]
    public async Task What_is_written_into_a_joined_transaction_goes_when_its_owner_rolls_back()
    {
        await using var connection = await Place.ConnectAsync();
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using (var work = Store.Join(transaction))
                await WriteAllAsync(work);

            await transaction.RollbackAsync(Cancellation);
        }

        await AssertNothingAsync();
    }

    [Fact]
    public async Task A_joined_transaction_can_be_committed_through_the_unit_of_work()
    {
        await using var connection = await Place.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var work = Store.Join(transaction))
        {
            await WriteAllAsync(work);
            await work.CommitAsync(Cancellation);
        }

        await AssertKeptAsync();
        Assert.Equal(ConnectionState.Open, connection.State);
    }

    [Fact]
    public async Task Disposing_without_a_commit_rolls_nothing_back_and_closes_nothing()
    {
        await using var connection = await Place.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        var work = Store.Join(transaction);
        await WriteAllAsync(work);
        await work.DisposeAsync();
        await work.DisposeAsync();

        Assert.Equal(ConnectionState.Open, connection.State);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.AddToOutboxAsync([Row("b")], null, Cancellation));
        await using (var second = Store.Join(transaction))
            Assert.Equal([InboxVerdict.Duplicate], await second.AddToInboxAsync([Entry("a")], Cancellation));

        await transaction.CommitAsync(Cancellation);
        await AssertKeptAsync(duplicates: 1);
    }

    [Fact]
    public async Task One_connection_can_be_joined_again_and_again()
    {
        await using var connection = await Place.ConnectAsync();
        for (var i = 0; i < 20; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var work = Store.Join(transaction);
            await work.AddToOutboxAsync([Row("m-" + i)], null, Cancellation);
            await work.CommitAsync(Cancellation);
        }

        var rows = await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 100, Minute), Cancellation);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => "m-" + i), rows.Select(row => row.Envelope.MessageId));
    }

    [Fact]
    public async Task After_its_owner_has_ended_it_a_joined_transaction_takes_nothing_more()
    {
        await using var connection = await Place.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var work = Store.Join(transaction);
        await transaction.CommitAsync(Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.AddToOutboxAsync([Row("a")], null, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation));
        Assert.Equal(0, await Store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task A_transaction_that_has_ended_cannot_be_joined()
    {
        await using var connection = await Place.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await transaction.CommitAsync(Cancellation);

        Assert.Throws<InvalidOperationException>(() => Store.Join(transaction));
    }

    [Fact]
    public async Task A_transaction_on_another_database_cannot_be_joined_and_both_are_named()
    {
        await using var connection = await Place.ConnectElsewhereAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);

        var error = Assert.Throws<InvalidOperationException>(() => Store.Join(transaction));

        await using var same = await Place.ConnectAsync();
        Assert.Contains(NameOf(connection), error.Message, StringComparison.Ordinal);
        Assert.Contains(NameOf(same), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_drivers_transaction_cannot_be_joined()
    {
        using var transaction = new AnotherDriversTransaction();

        var error = Assert.Throws<InvalidOperationException>(() => Store.Join(transaction));

        Assert.Contains(nameof(AnotherDriversTransaction), error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => Store.Join(null!));
    }

    [Fact]
    public async Task A_joined_transaction_offers_all_that_a_unit_of_work_does()
    {
        var row = Row("to-remove", orderKey: "k");
        await CommitAsync(async work =>
        {
            await work.AddToOutboxAsync([row], null, Cancellation);
            await work.AddDeadLetterAsync(Letter("to-take"), Cancellation);
            await work.AddToInboxAsync([Entry("to-forget")], Cancellation);
            await work.DeferAsync(Deferred("to-remove"), TimeSpan.Zero, Cancellation);
        });
        var letter = Assert.Single(await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 10, Cancellation));
        var deferred = (await Store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).Message!;

        await using var connection = await Place.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var work = Store.Join(transaction))
        {
            await work.RemoveFromOutboxAsync([row.Id], Cancellation);
            Assert.NotNull(await work.TakeDeadLetterAsync(letter.Id, Cancellation));
            await work.AddDeadLetterActionAsync(
                new DeadLetterAction { DeadLetterId = letter.Id, MessageId = letter.Envelope.MessageId, Target = Billing, Kind = DeadLetterActionKind.Discarded, By = "x" }, Cancellation);
            await work.RemoveFromInboxAsync([Entry("to-forget")], Cancellation);
            await work.RemoveDeferredAsync(deferred.Id, Cancellation);
            await work.AddReceiptsAsync([new Receipt("m", Billing, true, null)], Cancellation);
            Assert.Equal(["k"], await FindAfterDeferringAsync(work));
            await work.CommitAsync(Cancellation);
        }

        Assert.Equal((0, 0, 1), (await Store.CountOutboxAsync(Cancellation), await Store.CountDeadLettersAsync(Cancellation), await Store.CountDeferredAsync(Cancellation)));
        Assert.Single(await Store.DeadLetters.ListActionsAsync(0, 10, Cancellation));
        Assert.Equal(MessageState.Consumed, (await Store.Audit.FindAsync("m", Cancellation))?.State);
        Assert.Equal([InboxVerdict.New], await CommitAsync(work => work.AddToInboxAsync([Entry("to-forget")], Cancellation)));
    }

    private static async Task<IReadOnlySet<string>> FindAfterDeferringAsync(IUnitOfWork work)
    {
        await work.DeferAsync(Deferred("another", orderKey: "k"), TimeSpan.FromHours(1), Cancellation);
        return await work.FindDeferredKeysAsync(Billing, ["k", "l"], Cancellation);
    }

    private static async Task WriteAllAsync(IUnitOfWork work)
    {
        await AddEffectAsync(work, "a");
        Assert.Equal([InboxVerdict.New], await work.AddToInboxAsync([Entry("a")], Cancellation));
        var row = Row("a");
        await work.AddToOutboxAsync([row], null, Cancellation);
        Assert.True(row.Id > 0);
    }

    private async Task AssertKeptAsync(int duplicates = 0)
    {
        Assert.Equal(1, await CountEffectsAsync());
        Assert.Contains(new InboxCount(Billing, 1, duplicates), await Store.Inbox.CountAsync(Cancellation));
        Assert.Equal("a", Assert.Single(await Store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.RabbitMq, null, 10, Minute), Cancellation)).Envelope.MessageId);
    }

    private async Task AssertNothingAsync()
    {
        Assert.Equal(0, await CountEffectsAsync());
        Assert.Equal(0, await Store.CountOutboxAsync(Cancellation));
        Assert.Contains(new InboxCount(Billing, 0, 0), await Store.Inbox.CountAsync(Cancellation));
    }

    // A server's database by its name; a file, whose "database" is always called main, by its path.
    private static string NameOf(DbConnection connection) =>
        connection.DataSource.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(connection.DataSource)
            ? connection.DataSource
            : connection.Database;

    private sealed class AnotherDriversTransaction : DbTransaction
    {
        public override IsolationLevel IsolationLevel => IsolationLevel.ReadCommitted;

        protected override DbConnection? DbConnection => null;

        public override void Commit() => throw new InvalidOperationException("Nobody may commit what is not theirs.");

        public override void Rollback() => throw new InvalidOperationException("Nobody may roll back what is not theirs.");
    }
}
