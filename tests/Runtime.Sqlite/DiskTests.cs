using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Reliability.Tests;

/// <summary>The disk under the file: full, damaged, and how much of it the write-ahead log takes.</summary>
public sealed class DiskTests : IAsyncLifetime
{
    private const string Billing = "Billing.Issue";

    private readonly SqlitePlace _place = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Log => _place.File + "-wal";

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task On_a_full_disk_nothing_is_lost_and_with_room_again_the_store_goes_on()
    {
        var (worker, line) = await WorkerProcess.StartAsync("fill", _place.File, wrapper: OnDiskOf("4m"));
        await using var _ = worker;

        Assert.Equal(
            "kept some: True; full: unavailable True, SQLite Error 13: 'database or disk is full'.; still: unavailable True, SQLite Error 13: 'database or disk is full'.; " +
            "read: 0; after: no error; lost: 0; doubled: 0", line);
    }

    [Theory]
    [InlineData("48k")]
    [InlineData("100k")]
    public async Task A_start_on_a_disk_without_room_says_that_there_is_none(string size)
    {
        var (worker, line) = await WorkerProcess.StartAsync("start", _place.File, wrapper: OnDiskOf(size));
        await using var _ = worker;

        Assert.Equal("unavailable: SQLite Error 13: 'database or disk is full'.", line);
    }

    [Fact]
    public async Task Damage_that_shows_only_later_makes_the_store_unavailable_and_is_named()
    {
        await using (var store = await StartAsync())
            await CommitAsync(store, 200);

        var bytes = await File.ReadAllBytesAsync(_place.File, Cancellation);
        // Every page after those that hold the schema.
        bytes.AsSpan(40 * 4096).Fill(0xEE);
        await File.WriteAllBytesAsync(_place.File, bytes, Cancellation);

        await using var damaged = await StartAsync();
        var error = await Assert.ThrowsAsync<SqliteException>(() => CommitAsync(damaged, 200));

        Assert.Equal(raw.SQLITE_CORRUPT, error.SqliteErrorCode);
        Assert.True(damaged.IsUnavailable(error));
    }

    [Fact]
    public async Task The_log_is_written_back_as_it_grows()
    {
        await using var store = await StartAsync();
        var largest = 0L;
        for (var i = 0; i < 300; i++)
        {
            await CommitAsync(store, 10);
            await store.CountDeadLettersAsync(Cancellation);
            largest = Math.Max(largest, new FileInfo(Log).Length);
        }

        // SQLite writes back at a thousand pages of four kilobytes.
        Assert.InRange(largest, 1, 8 << 20);
    }

    [Fact]
    public async Task What_a_long_reader_let_the_log_grow_to_is_given_back()
    {
        await using var store = await StartAsync();
        await CommitAsync(store, 1);
        await using (var connection = (SqliteConnection)await _place.ConnectAsync())
        {
            using var reading = connection.BeginTransaction(deferred: true);
            using var command = connection.CreateCommand();
            command.Transaction = reading;
            command.CommandText = "SELECT count(*) FROM reliability_outbox";
            command.ExecuteScalar();
            for (var i = 0; i < 40; i++)
                await CommitAsync(store, 200);

            Assert.True(new FileInfo(Log).Length > 24 << 20, $"The log has {new FileInfo(Log).Length:N0} bytes only: nothing held it back.");
        }

        for (var i = 0; i < 3; i++)
            await CommitAsync(store, 200);

        Assert.InRange(new FileInfo(Log).Length, 1, 17 << 20);
    }

    /// <summary>A disk of that size in the place of the folder, which only the worker sees.</summary>
    private string[] OnDiskOf(string size)
    {
        string[] mount = ["sh", "-c", $"mount -t tmpfs -o size={size} none \"$0\" && exec \"$@\"", _place.Folder];
        return Environment.UserName == "root" ? ["unshare", "-m", .. mount] : ["unshare", "-Urm", .. mount];
    }

    private async Task<IMessageStore> StartAsync()
    {
        var store = _place.Open();
        await store.StartAsync([Billing], Cancellation);
        return store;
    }

    private static Task CommitAsync(IMessageStore store, int rows) => store.CommitAsync(
        work => work.AddToOutboxAsync(
            [.. Enumerable.Range(0, rows).Select(i => new OutboxRow
            {
                Transport = TransportNames.Local,
                Route = "queue",
                Envelope = new Envelope { MessageId = "m-" + i, Body = Encoding.UTF8.GetBytes(new string('x', 4000)) },
            })], null, Cancellation), Cancellation);
}
