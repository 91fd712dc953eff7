using System.Net.Sockets;
using Npgsql;
using static Reliability.Tests.Samples;

namespace Reliability.Tests;

/// <summary>Transactions that the server ends: nothing is kept by halves, the runtime is told to wait, and the next one works.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private readonly PostgreSqlPlace _place = new();
    private IMessageStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _place.ConnectionStringAsync();
        _store = _place.Open();
        await _store.StartAsync([Billing], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task A_connection_that_the_server_terminates_keeps_nothing_and_the_next_works()
    {
        await using (var work = await _store.BeginAsync(Cancellation))
        {
            await work.AddToInboxAsync([Entry("a")], Cancellation);
            await TerminateAsync(work);

            var error = await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await work.AddToOutboxAsync([Row("a")], null, Cancellation));
            Assert.True(_store.IsUnavailable(error), error.ToString());

            // Whoever swallowed the first error is told again, and not that all is well.
            error = await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await work.CommitAsync(Cancellation));
            Assert.True(_store.IsUnavailable(error), error.ToString());
        }

        await RequireNewAsync("a");
    }

    [Fact]
    public async Task A_connection_that_is_terminated_before_the_commit_makes_the_commit_fail()
    {
        await using (var work = await _store.BeginAsync(Cancellation))
        {
            await work.AddToInboxAsync([Entry("a")], Cancellation);
            await work.AddDeadLetterAsync(new DeadLetter { Transport = "x", Source = "y", Envelope = Row("a").Envelope, Reason = DeadLetterReason.Rejected, Error = "e" }, Cancellation);
            await TerminateAsync(work);

            var error = await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await work.CommitAsync(Cancellation));
            Assert.True(_store.IsUnavailable(error), error.ToString());
        }

        await RequireNewAsync("a");
        Assert.Equal(0, await _store.CountDeadLettersAsync(Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_after_an_error_that_a_handler_swallowed_fails_instead_of_quietly_rolling_back(bool joined)
    {
        await using var connection = await _place.ConnectAsync();
        await using var transaction = joined ? await connection.BeginTransactionAsync(Cancellation) : null;
        await using (var work = transaction is null ? await _store.BeginAsync(Cancellation) : _store.Join(transaction))
        {
            await work.AddToInboxAsync([Entry("a")], Cancellation);
            await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(work, "SELECT 1 / 0"));

            var error = await Assert.ThrowsAsync<PostgresException>(async () => await work.CommitAsync(Cancellation));

            Assert.Equal(PostgresErrorCodes.InFailedSqlTransaction, error.SqlState);
            Assert.False(_store.IsUnavailable(error));
        }

        if (transaction is not null)
            await transaction.RollbackAsync(Cancellation);

        await RequireNewAsync("a");
    }

    [Fact]
    public async Task Writes_that_travel_with_the_commit_are_kept_or_the_commit_fails_with_them()
    {
        await using (var work = await _store.BeginAsync(Cancellation))
        {
            await work.AddToInboxAsync([Entry("a")], Cancellation);
            await ExecuteAsync(work, $"ALTER TABLE {_place.Quoted}.dead_letter ADD CONSTRAINT no_letters CHECK (false) NOT VALID");
            await work.AddDeadLetterAsync(new DeadLetter { Transport = "x", Source = "y", Envelope = Row("a").Envelope, Reason = DeadLetterReason.Rejected, Error = "e" }, Cancellation);

            var error = await Assert.ThrowsAsync<PostgresException>(async () => await work.CommitAsync(Cancellation));

            Assert.Equal(PostgresErrorCodes.CheckViolation, error.SqlState);
            Assert.False(_store.IsUnavailable(error));
        }

        await RequireNewAsync("a");
    }

    [Fact]
    public async Task A_transaction_that_a_handler_committed_itself_takes_nothing_more()
    {
        await using var work = await _store.BeginAsync(Cancellation);
        await work.AddToInboxAsync([Entry("a")], Cancellation);
        await work.Transaction.CommitAsync(Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.AddToOutboxAsync([Row("a")], null, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation));
        Assert.Equal(0, await _store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Of_two_transactions_that_wait_crosswise_one_is_told_to_try_again()
    {
        async Task InsertAsync(string first, string second, Barrier barrier)
        {
            await using var work = await _store.BeginAsync(Cancellation);
            await work.AddToInboxAsync([Entry(first)], Cancellation);
            barrier.SignalAndWait(TimeSpan.FromSeconds(20), Cancellation);
            await work.AddToInboxAsync([Entry(second)], Cancellation);
            await work.CommitAsync(Cancellation);
        }

        using var barrier = new Barrier(2);
        var both = Task.WhenAll(
            Task.Run(() => InsertAsync("a", "b", barrier), Cancellation), Task.Run(() => InsertAsync("b", "a", barrier), Cancellation));

        var error = await Assert.ThrowsAsync<PostgresException>(() => both);
        Assert.Equal(PostgresErrorCodes.DeadlockDetected, error.SqlState);
        Assert.True(_store.IsUnavailable(error));
        Assert.Single(both.Exception!.InnerExceptions);
        Assert.Contains(new InboxCount(Billing, 2, 0), await _store.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task Groups_with_the_same_keys_in_any_order_never_wait_crosswise()
    {
        var keys = Enumerable.Range(0, 200).Select(i => "order-" + i).ToArray();
        var groups = Enumerable.Range(0, 8).Select(seed =>
        {
            var shuffled = keys.ToArray();
            new Random(seed).Shuffle(shuffled);
            return shuffled;
        }).ToList();

        var verdicts = await Task.WhenAll(groups.Select(group => Task.Run(() => _store.CommitAsync(
            work => work.AddToInboxAsync([.. group.Select(key => Entry(key))], Cancellation), Cancellation), Cancellation)));

        Assert.Equal(200, verdicts.Sum(group => group.Count(verdict => verdict == InboxVerdict.New)));
        Assert.Contains(new InboxCount(Billing, 200, 7 * 200), await _store.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_lock_that_is_not_given_in_time_is_a_reason_to_wait()
    {
        await using var blocker = await _place.ConnectAsync();
        await using var transaction = await blocker.BeginTransactionAsync(Cancellation);
        await using (var command = blocker.CreateCommand())
        {
            command.CommandText = $"LOCK TABLE {_place.Quoted}.outbox IN ACCESS EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await using (var work = await _store.BeginAsync(Cancellation))
        {
            await ExecuteAsync(work, "SET LOCAL lock_timeout = '50ms'");
            var error = await Assert.ThrowsAsync<PostgresException>(async () => await work.AddToOutboxAsync([Row("a")], null, Cancellation));
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, error.SqlState);
            Assert.True(_store.IsUnavailable(error));
        }

        await transaction.RollbackAsync(Cancellation);
        await _store.CommitAsync(work => work.AddToOutboxAsync([Row("a")], null, Cancellation), Cancellation);
    }

    [Fact]
    public async Task A_handler_that_closes_the_connection_or_leaves_a_reader_open_harms_no_one_else()
    {
        await using (var work = await _store.BeginAsync(Cancellation))
            await work.Connection.CloseAsync();

        await using (var work = await _store.BeginAsync(Cancellation))
        {
            await using var command = work.Connection.CreateCommand();
            command.CommandText = "SELECT * FROM generate_series(1, 100000)";
            Assert.True(await (await command.ExecuteReaderAsync(Cancellation)).ReadAsync(Cancellation));
        }

        await RequireNewAsync("a");
    }

    [Fact]
    public async Task A_role_whose_commits_are_not_durable_gets_durable_ones_from_the_store()
    {
        await using var role = await TestRole.CreateAsync(_place, "ALTER ROLE {0} SET synchronous_commit = off");
        await _place.ExecuteAsync($"GRANT USAGE ON SCHEMA {{0}} TO {role.Name}; GRANT ALL ON ALL TABLES IN SCHEMA {{0}} TO {role.Name}");
        await using var store = _place.Open(role.ConnectionString);
        await store.StartAsync([Billing], Cancellation);
        // Whoever commits an outbox row tells which setting it committed under: a deferred trigger runs as part of the commit.
        await _place.ExecuteAsync("""
            CREATE TABLE {0}.seen (setting text);
            GRANT ALL ON {0}.seen TO public;
            CREATE FUNCTION {0}.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO {0}.seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER see AFTER INSERT ON {0}.outbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {0}.see();
            """);

        await store.CommitAsync(work => work.AddToOutboxAsync([Row("a")], null, Cancellation), Cancellation);

        Assert.Equal("on", await _place.ExecuteAsync("SELECT setting FROM {0}.seen"));
    }

    [Theory]
    [InlineData("08006", true)] // connection failure
    [InlineData("25006", true)] // read-only
    [InlineData("25P03", true)] // idle in transaction
    [InlineData("28P01", true)] // wrong password
    [InlineData("3D000", true)] // no such database
    [InlineData("40001", true)] // serialization failure
    [InlineData("40P01", true)] // deadlock
    [InlineData("53100", true)] // disk full
    [InlineData("53300", true)] // too many connections
    [InlineData("55P03", true)] // lock not available
    [InlineData("57P01", true)] // terminated
    [InlineData("57P03", true)] // starting up
    [InlineData("58030", true)] // I/O error
    [InlineData("XX001", true)] // damaged
    [InlineData("22012", false)] // division by zero
    [InlineData("23505", false)] // unique violation
    [InlineData("25P02", false)] // failed transaction
    [InlineData("42501", false)] // permission
    [InlineData("42P01", false)] // no such table
    [InlineData("57014", false)] // cancelled, as by statement_timeout
    [InlineData("XX000", false)]
    public void The_server_being_away_is_told_from_a_statement_being_wrong(string state, bool unavailable)
    {
        var error = new PostgresException("message", "ERROR", "ERROR", state);

        Assert.Equal(unavailable, _store.IsUnavailable(error));
        Assert.Equal(unavailable, _store.IsUnavailable(new InvalidOperationException("saving failed", error)));
    }

    [Fact]
    public void A_connection_that_fails_is_told_from_other_errors()
    {
        Assert.True(_store.IsUnavailable(new NpgsqlException("Failed to connect", new SocketException(111))));
        Assert.True(_store.IsUnavailable(new NpgsqlException("The operation has timed out", new TimeoutException())));
        Assert.False(_store.IsUnavailable(new SocketException(111)));
        Assert.False(_store.IsUnavailable(new InvalidOperationException()));
    }

    private async Task RequireNewAsync(string key) =>
        Assert.Equal([InboxVerdict.New], await _store.CommitAsync(work => work.AddToInboxAsync([Entry(key)], Cancellation), Cancellation));

    private async Task TerminateAsync(IUnitOfWork work)
    {
        var process = ((NpgsqlConnection)work.Connection).ProcessID;
        await _place.ExecuteAsync($"SELECT pg_terminate_backend({process}, 10000)");
    }

    private static async Task ExecuteAsync(IUnitOfWork work, string sql)
    {
        await using var command = work.Connection.CreateCommand();
        command.Transaction = work.Transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
