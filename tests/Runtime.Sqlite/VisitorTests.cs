using System.Text;
using Microsoft.Data.Sqlite;

namespace Reliability.Tests;

/// <summary>A tool in another process beside the service that holds the file.</summary>
public sealed class VisitorTests : IAsyncLifetime
{
    private const string Billing = "Billing.Issue";

    private static readonly Lease Minute = new("relay", TimeSpan.FromMinutes(1));

    private readonly SqlitePlace _place = new();
    private IMessageStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = _place.Open();
        await _store.StartAsync([Billing], Cancellation);
        await _store.CommitAsync(async work =>
        {
            await work.AddToOutboxAsync([Row("held")], Minute, Cancellation);
            await work.AddDeadLetterAsync(
                new DeadLetter { Handler = Billing, Transport = "local", Source = "queue", Envelope = Row("letter").Envelope, Reason = DeadLetterReason.Rejected, Error = "no" }, Cancellation);
        }, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task Another_process_looks_and_mends_while_the_service_holds_the_file()
    {
        var (worker, line) = await WorkerProcess.StartAsync("visit", _place.File);
        await using var _ = worker;

        Assert.Equal("saw 1 rows, took letter", line);
        Assert.Equal("again-letter", Assert.Single(await ClaimAsync()).Envelope.MessageId);
        Assert.Equal(0, await _store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task A_visitor_killed_in_mid_transaction_leaves_nothing_and_holds_no_one_up()
    {
        var (worker, line) = await WorkerProcess.StartAsync("visit-write", _place.File);
        await using var _ = worker;
        Assert.Equal("ready", line);
        var committing = Task.Run(() => _store.CommitAsync(work => work.AddToOutboxAsync([Row("after")], null, Cancellation), Cancellation), Cancellation);

        await worker.KillAsync();
        await committing;

        Assert.Equal("after", Assert.Single(await ClaimAsync()).Envelope.MessageId);
        Assert.Equal([InboxVerdict.New],
            await _store.CommitAsync(work => work.AddToInboxAsync([new InboxEntry(Billing, InboxKey.Of("uncommitted"), 1)], Cancellation), Cancellation));
    }

    [Fact]
    public async Task A_service_that_starts_while_a_visitor_is_there_gets_the_file()
    {
        await using var visitor = _place.Open();
        await visitor.AttachAsync(Cancellation);
        await _store.DisposeAsync();

        _store = _place.Open(configure: options => options.InstanceWait = TimeSpan.Zero);
        await _store.StartAsync([Billing], Cancellation);

        Assert.Equal("held", Assert.Single(await ClaimAsync()).Envelope.MessageId);
        Assert.Equal(1, await visitor.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task A_visitor_makes_no_file_where_there_is_none()
    {
        var missing = Path.Combine(_place.Folder, "missing.db");
        await using var visitor = _place.Open(missing);

        var error = await Assert.ThrowsAsync<StoreException>(async () => await visitor.AttachAsync(Cancellation));

        Assert.Contains($"no SQLite database '{missing}'", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(missing));
        Assert.False(File.Exists(missing + ".lock"));
    }

    [Theory]
    [InlineData("UPDATE reliability_schema SET version = 99", "version 99")]
    [InlineData("UPDATE reliability_schema SET version = 0", "has no tables")]
    [InlineData("DROP TABLE reliability_schema", "has no tables")]
    public async Task A_visitor_is_told_of_tables_that_it_does_not_know(string change, string reason)
    {
        await using (var connection = (SqliteConnection)await _place.ConnectAsync())
        {
            using var command = connection.CreateCommand();
            command.CommandText = change;
            command.ExecuteNonQuery();
        }

        await using var visitor = _place.Open();
        var error = await Assert.ThrowsAsync<StoreException>(async () => await visitor.AttachAsync(Cancellation));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(_place.File, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_visitor_that_may_only_read_looks_and_is_told_that_it_may_not_mend()
    {
        foreach (var file in Directory.EnumerateFiles(_place.Folder))
            OrdinaryUser.Allow(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, file);

        OrdinaryUser.Allow((UnixFileMode)0b111_101_101, _place.Folder);

        Assert.Equal("saw 1 rows, may not write: SQLite Error 8: 'attempt to write a readonly database'.", await OrdinaryUser.RunAsync("visit", _place.File));
        Assert.Equal(1, await _store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task An_attached_store_is_no_started_one()
    {
        await using var visitor = _place.Open();
        await visitor.AttachAsync(Cancellation);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await visitor.StartAsync([Billing], Cancellation));
        await _store.AttachAsync(Cancellation);
        Assert.Equal(1, await _store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task A_transaction_on_another_name_of_the_same_file_can_be_joined()
    {
        var linked = Path.Combine(_place.Folder, "linked");
        Directory.CreateSymbolicLink(linked, _place.Folder);
        var link = Path.Combine(_place.Folder, "link.db");
        File.CreateSymbolicLink(link, _place.File);
        foreach (var name in new[] { Path.Combine(linked, "store.db"), link })
        {
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = name, Pooling = false }.ConnectionString);
            await connection.OpenAsync(Cancellation);
            await using var transaction = connection.BeginTransaction();
            await using var work = _store.Join(transaction);
            await work.AddToOutboxAsync([Row("joined")], null, Cancellation);
            await work.CommitAsync(Cancellation);
        }

        Assert.Equal(2, (await ClaimAsync()).Count);
        Directory.Delete(linked);
    }

    [Fact]
    public async Task A_transaction_on_a_database_in_memory_cannot_be_joined()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        await using var transaction = connection.BeginTransaction();

        var error = Assert.Throws<InvalidOperationException>(() => _store.Join(transaction));

        Assert.Contains("a database in memory", error.Message, StringComparison.Ordinal);
        Assert.Contains(_place.File, error.Message, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<OutboxRow>> ClaimAsync() =>
        await _store.Outbox.ClaimAsync(new OutboxClaim(TransportNames.Local, null, 10, Minute), Cancellation);

    private static OutboxRow Row(string id) => new()
    {
        Transport = TransportNames.Local,
        Route = "queue",
        Envelope = new Envelope { MessageId = id, Body = Encoding.UTF8.GetBytes("{}") },
    };
}
