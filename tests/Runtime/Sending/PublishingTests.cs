using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Reliability.Tests.Sending;

/// <summary>Publishing outside of handlers: alone, in a unit of work, in somebody else's transaction.</summary>
public sealed class PublishingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_published_without_a_transaction()
    {
        var transport = Confirming();
        await using var application = await transport.Application().StartAsync();

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { MessageId = "m1" }, Cancellation);
        await application.SettledAsync();

        Assert.Equal(["m1"], transport.Sent);
    }

    [Fact]
    public async Task Several_messages_are_published_all_or_none()
    {
        var transport = Confirming();
        await using var application = await transport.Application().StartAsync();

        await Assert.ThrowsAsync<MessageTooLargeException>(async () => await application.Sender().PublishAllAsync([new Paid("1"), new Paid(new string('x', 1_100_000))], cancellationToken: Cancellation));
        Assert.Equal(0, await application.Store.CountOutboxAsync(Cancellation));

        await application.Sender().PublishAllAsync(Enumerable.Range(0, 50).Select(number => new Paid($"{number}")), cancellationToken: Cancellation);
        await application.SettledAsync();
        Assert.Equal(50, transport.Sent.Distinct().Count());
    }

    [Fact]
    public async Task One_id_for_several_messages_is_refused()
    {
        await using var application = await Confirming().Application().StartAsync();

        var error = await Assert.ThrowsAsync<ArgumentException>(async () =>
            await application.Sender().PublishAllAsync([new Paid("1"), new Paid("2")], new PublishOptions { MessageId = "one" }, Cancellation));

        Assert.Contains("would make them one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_into_an_open_transaction_leaves_after_its_owner_commits_it()
    {
        var transport = Confirming();
        await using var application = await transport.Application().StartAsync();
        await using var connection = await OpenAsync(application);

        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await InsertAsync(transaction, "kept");
            await application.Sender().PublishAsync(transaction, new Paid("1"), new PublishOptions { MessageId = "m1" }, Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        await application.SettledAsync();
        Assert.Equal(["m1"], transport.Sent);
        Assert.Equal(["kept"], await application.EffectsAsync());
    }

    [Fact]
    public async Task What_is_written_into_an_open_transaction_is_gone_with_its_rollback()
    {
        var transport = Confirming();
        await using var application = await transport.Application().StartAsync();
        await using var connection = await OpenAsync(application);

        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await application.Sender().PublishAllAsync(transaction, [new Paid("1"), new Paid("2")], cancellationToken: Cancellation);
            await transaction.RollbackAsync(Cancellation);
        }

        Assert.Equal(0, await application.Store.CountOutboxAsync(Cancellation));
        await application.Sender().PublishAsync(new Paid("3"), new PublishOptions { MessageId = "m3" }, Cancellation);
        await application.SettledAsync();
        Assert.Equal(["m3"], transport.Sent);
    }

    [Fact]
    public async Task A_joined_transaction_is_committed_with_its_messages_which_then_come_from_memory()
    {
        var transport = Confirming();
        // Nothing is searched for within the test: what arrives came from memory.
        await using var application = await transport.Application().With(Unpolled).StartAsync();
        await UntilCaughtUpAsync(application, transport);
        await using var connection = await OpenAsync(application);

        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var work = application.Sender().Join(transaction))
        {
            await InsertAsync(work.Transaction, "kept");
            work.Outbox.Publish(new Paid("1"), new PublishOptions { MessageId = "joined" });
            await work.CommitAsync(Cancellation);
        }

        await application.SettledAsync();
        Assert.Contains("joined", transport.Sent);
        Assert.Equal(["kept"], await application.EffectsAsync());
    }

    [Fact]
    public async Task Who_commits_himself_says_so_and_the_messages_come_from_memory()
    {
        var transport = Confirming();
        await using var application = await transport.Application().With(Unpolled).StartAsync();
        await UntilCaughtUpAsync(application, transport);
        await using var connection = await OpenAsync(application);

        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var work = application.Sender().Join(transaction);
        work.Outbox.Publish(new Paid("1"), new PublishOptions { MessageId = "first" });
        await work.WriteAsync(Cancellation);
        work.Outbox.Publish(new Paid("2"), new PublishOptions { MessageId = "second" });
        await work.WriteAsync(Cancellation);
        await transaction.CommitAsync(Cancellation);
        work.Committed();

        await application.SettledAsync();
        Assert.Equal(["first", "second"], transport.Sent.Skip(1));
    }

    [Fact]
    public async Task Messages_that_were_not_written_before_the_commit_are_said_to_be_lost()
    {
        await using var application = await Confirming().Application().StartAsync();
        await using var connection = await OpenAsync(application);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var work = application.Sender().Join(transaction);
        work.Outbox.Publish(new Paid("1"));
        await transaction.CommitAsync(Cancellation);

        var error = Assert.Throws<InvalidOperationException>(work.Committed);

        Assert.Contains("call WriteAsync after the last Publish", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rolled_back_joined_transaction_sends_nothing_and_keeps_no_room()
    {
        var transport = Confirming();
        await using var application = await transport.Application().With(reliability => reliability.Configure(options => options.Relay.Window = 1)).StartAsync();
        await using var connection = await OpenAsync(application);

        for (var round = 0; round < 20; round++)
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var work = application.Sender().Join(transaction);
            work.Outbox.Publish(new Paid($"{round}"));
            await work.WriteAsync(Cancellation);
            await transaction.RollbackAsync(Cancellation);
            work.RolledBack();
        }

        await application.Sender().PublishAsync(new Paid("last"), new PublishOptions { MessageId = "last" }, Cancellation);
        await application.SettledAsync();
        Assert.Equal(["last"], transport.Sent);
    }

    [Fact]
    public async Task A_transaction_that_has_ended_is_refused()
    {
        await using var application = await Confirming().Application().StartAsync();
        await using var connection = await OpenAsync(application);
        var transaction = await connection.BeginTransactionAsync(Cancellation);
        await transaction.CommitAsync(Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await application.Sender().PublishAsync(transaction, new Paid("1"), cancellationToken: Cancellation));
        Assert.Throws<InvalidOperationException>(() => application.Sender().Join(transaction));
    }

    [Fact]
    public async Task A_transaction_on_another_database_is_refused_and_both_are_named()
    {
        await using var application = await Confirming().Application().StartAsync();
        await using var other = new SqliteConnection("Data Source=:memory:");
        await other.OpenAsync(Cancellation);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await application.Sender().PublishAsync(transaction, new Paid("1"), cancellationToken: Cancellation));

        Assert.Contains("Nothing was written", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Publishing_on_a_work_that_has_ended_is_refused(bool committed)
    {
        await using var application = await Confirming().Application().StartAsync();
        var work = await application.Sender().BeginAsync(Cancellation);
        if (committed)
        {
            await work.CommitAsync(Cancellation);
        }

        var outbox = work.Outbox;
        await (committed ? ValueTask.CompletedTask : work.DisposeAsync());

        var error = Assert.Throws<InvalidOperationException>(() => outbox.Publish(new Paid("1")));

        Assert.Contains(committed ? "committed before" : "disposed before", error.Message, StringComparison.Ordinal);
        await work.DisposeAsync();
    }

    [Fact]
    public async Task A_joined_work_that_has_ended_takes_no_more()
    {
        await using var application = await Confirming().Application().StartAsync();
        await using var connection = await OpenAsync(application);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        var work = application.Sender().Join(transaction);
        await work.CommitAsync(Cancellation);

        Assert.Throws<InvalidOperationException>(() => work.Outbox.Publish(new Paid("1")));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation));
        await work.DisposeAsync();
        await work.DisposeAsync();
    }

    private static ScriptedTransport Confirming() => new((_, _) => Task.FromResult(PublishOutcome.Confirmed));

    private static void Unpolled(ReliabilityBuilder reliability) => reliability.Configure(options =>
        (options.Relay.PollInterval, options.Relay.IdlePollInterval) = (TimeSpan.FromHours(1), TimeSpan.FromHours(1)));

    /// <summary>Until the first search has found that nothing older waits, fresh rows are claimed too.</summary>
    private static async Task UntilCaughtUpAsync(TestApplication application, ScriptedTransport transport)
    {
        await application.Sender().PublishAsync(new Paid("0"), cancellationToken: Cancellation);
        await Eventually.GetAsync(() => Task.FromResult(transport.Sent.Count), sent => sent == 1);
        await application.SettledAsync();
    }

    private static async Task<SqliteConnection> OpenAsync(TestApplication application)
    {
        var connection = new SqliteConnection($"Data Source={application.File}");
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task InsertAsync(DbTransaction transaction, string text)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO effects(text) VALUES ('{text}')";
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
