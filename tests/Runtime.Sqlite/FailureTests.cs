using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Reliability.Tests;

/// <summary>What happens when the file fails under a running store: nothing is kept by halves, the runtime is told to wait, and it goes on afterwards.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private const string Billing = "Billing.Issue";

    private readonly SqlitePlace _place = new();
    private IMessageStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = _place.Open(configure: options => options.BusyTimeout = TimeSpan.FromSeconds(1));
        await _store.StartAsync([Billing], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task A_full_disk_keeps_nothing_and_the_store_goes_on_when_there_is_room_again()
    {
        await using (var work = await _store.BeginAsync(Cancellation))
        {
            // SQLITE_FULL as from a full disk: no page more than there are.
            Execute(work, "PRAGMA max_page_count = 1");
            await work.AddToInboxAsync([new InboxEntry(Billing, InboxKey.Of("a"), 1)], Cancellation);

            var error = await Assert.ThrowsAsync<SqliteException>(async () => await work.AddToOutboxAsync([Row(200_000)], null, Cancellation));

            Assert.Equal(raw.SQLITE_FULL, error.SqliteErrorCode);
            Assert.True(_store.IsUnavailable(error));
        }

        Assert.Equal(0, await _store.CountOutboxAsync(Cancellation));
        await using var next = await _store.BeginAsync(Cancellation);
        Assert.Equal([InboxVerdict.New], await next.AddToInboxAsync([new InboxEntry(Billing, InboxKey.Of("a"), 1)], Cancellation));
        await next.AddToOutboxAsync([Row(200_000)], null, Cancellation);
        await next.CommitAsync(Cancellation);
        Assert.Equal(1, await _store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task A_commit_after_SQLite_rolled_back_by_itself_fails_and_keeps_nothing()
    {
        await using (var work = await _store.BeginAsync(Cancellation))
        {
            await work.AddToInboxAsync([new InboxEntry(Billing, InboxKey.Of("a"), 1)], Cancellation);
            Execute(work, "ROLLBACK");

            await Assert.ThrowsAnyAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation));
        }

        await using var next = await _store.BeginAsync(Cancellation);
        Assert.Equal([InboxVerdict.New], await next.AddToInboxAsync([new InboxEntry(Billing, InboxKey.Of("a"), 1)], Cancellation));
    }

    [Fact]
    public async Task A_handler_that_closes_the_connection_harms_no_one_else()
    {
        await using (var work = await _store.BeginAsync(Cancellation))
            await work.Connection.CloseAsync();

        await CommitRowAsync();

        Assert.Equal(1, await _store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task A_handler_that_leaves_a_reader_open_harms_no_one_else()
    {
        await CommitRowAsync();
        await using (var work = await _store.BeginAsync(Cancellation))
        {
            using var command = work.Connection.CreateCommand();
            command.CommandText = "SELECT id FROM reliability_outbox UNION ALL SELECT 1";
            var reader = await command.ExecuteReaderAsync(Cancellation);
            Assert.True(await reader.ReadAsync(Cancellation));
        }

        await CommitRowAsync();

        Assert.Equal(2, await _store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task A_file_that_was_deleted_is_noticed_before_anything_is_written_into_the_void()
    {
        await CommitRowAsync();
        File.Delete(_place.File);

        var error = await Assert.ThrowsAsync<SqliteException>(() => CommitRowAsync());

        Assert.Contains($"'{_place.File}' is gone", error.Message, StringComparison.Ordinal);
        Assert.True(_store.IsUnavailable(error));
        Assert.False(File.Exists(_place.File), "An empty file took the place of the one that was deleted.");
    }

    [Fact]
    public async Task Another_program_that_holds_the_write_lock_makes_the_store_busy_and_no_longer()
    {
        await using (var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _place.File, Pooling = false }.ConnectionString))
        {
            await other.OpenAsync(Cancellation);
            await using var transaction = other.BeginTransaction(deferred: false);

            var error = await Assert.ThrowsAsync<SqliteException>(() => CommitRowAsync());

            Assert.Equal(raw.SQLITE_BUSY, error.SqliteErrorCode);
            Assert.True(_store.IsUnavailable(error));
        }

        await CommitRowAsync();
        Assert.Equal(1, await _store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task A_unit_of_work_inside_of_another_is_told_so_instead_of_waiting_for_ever()
    {
        await using var outer = await _store.BeginAsync(Cancellation);

        var error = await Assert.ThrowsAsync<SqliteException>(async () => await _store.BeginAsync(Cancellation));

        Assert.Contains("use the handler's transaction", error.Message, StringComparison.Ordinal);
        Assert.True(_store.IsUnavailable(error));
        await outer.CommitAsync(Cancellation);
    }

    [Fact]
    public async Task Closing_the_store_rolls_back_a_unit_of_work_that_was_forgotten()
    {
        var forgotten = await _store.BeginAsync(Cancellation);
        await forgotten.AddToOutboxAsync([Row(10)], null, Cancellation);
        await _store.DisposeAsync();

        _store = _place.Open(configure: options => options.InstanceWait = TimeSpan.Zero);
        await _store.StartAsync([Billing], Cancellation);

        Assert.Equal(0, await _store.CountOutboxAsync(Cancellation));
        await forgotten.DisposeAsync();
    }

    [Theory]
    [InlineData(raw.SQLITE_BUSY, true)]
    [InlineData(raw.SQLITE_IOERR, true)]
    [InlineData(raw.SQLITE_FULL, true)]
    [InlineData(raw.SQLITE_CANTOPEN, true)]
    [InlineData(raw.SQLITE_READONLY, true)]
    [InlineData(raw.SQLITE_CORRUPT, true)]
    [InlineData(raw.SQLITE_NOTADB, true)]
    [InlineData(raw.SQLITE_LOCKED, false)]
    [InlineData(raw.SQLITE_CONSTRAINT, false)]
    [InlineData(raw.SQLITE_ERROR, false)]
    [InlineData(raw.SQLITE_TOOBIG, false)]
    [InlineData(raw.SQLITE_MISMATCH, false)]
    public void The_file_being_away_is_told_from_a_statement_being_wrong(int code, bool unavailable) =>
        Assert.Equal(unavailable, _store.IsUnavailable(new SqliteException("error", code)));

    [Fact]
    public void The_file_being_away_is_seen_through_the_wrappings_of_object_mappers()
    {
        Assert.True(_store.IsUnavailable(new InvalidOperationException("saving failed", new SqliteException("disk full", raw.SQLITE_FULL))));
        Assert.False(_store.IsUnavailable(new InvalidOperationException("saving failed", new SqliteException("no such table", raw.SQLITE_ERROR))));
    }

    [Fact]
    public async Task A_closed_store_cannot_be_started_again()
    {
        await _store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _store.StartAsync([Billing], Cancellation));
    }

    [Fact]
    public async Task No_body_outlives_its_row()
    {
        await CommitRowAsync();
        var rows = await _store.Outbox.ClaimAsync(
            new OutboxClaim(TransportNames.Local, null, 10, new Lease("relay", TimeSpan.FromMinutes(1))), Cancellation);
        var message = new DeferredMessage { Consumer = Billing, Transport = TransportNames.Local, Source = "queue", DedupeKey = "a", Envelope = rows[0].Envelope };
        await using var work = await _store.BeginAsync(Cancellation);
        await work.DeferAsync(message, TimeSpan.Zero, Cancellation);
        Assert.Equal((1L, 1L), (Count(work, "reliability_outbox_message"), Count(work, "reliability_deferred_message")));

        await work.RemoveFromOutboxAsync([rows[0].Id], Cancellation);
        await work.RemoveDeferredAsync(1, Cancellation);

        Assert.Equal((0L, 0L), (Count(work, "reliability_outbox_message"), Count(work, "reliability_deferred_message")));
    }

    private async Task CommitRowAsync()
    {
        await using var work = await _store.BeginAsync(Cancellation);
        await work.AddToOutboxAsync([Row(10)], null, Cancellation);
        await work.CommitAsync(Cancellation);
    }

    private static OutboxRow Row(int bytes) => new()
    {
        Transport = TransportNames.Local,
        Route = "queue",
        Envelope = new Envelope { MessageId = "m", Body = Encoding.UTF8.GetBytes(new string('x', bytes)) },
    };

    private static long Count(IUnitOfWork work, string table)
    {
        using var command = work.Connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(IUnitOfWork work, string sql)
    {
        using var command = work.Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
