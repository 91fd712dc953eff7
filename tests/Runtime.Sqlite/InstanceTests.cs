using System.Globalization;
using System.Text;

namespace Reliability.Tests;

/// <summary>One process at a time works on a file, and whatever ends it, the next one can.</summary>
public sealed class InstanceTests : IAsyncLifetime
{
    private const string Billing = "Billing.Issue";

    private readonly SqlitePlace _place = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_second_store_on_the_same_file_is_told_who_holds_it_and_what_to_do()
    {
        await using var first = await StartedAsync();

        var error = await Assert.ThrowsAsync<StoreException>(() => StartedAsync());

        Assert.Contains(_place.File, error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.Contains("InstanceWait", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_the_same_file_is_refused()
    {
        var (worker, line) = await WorkerProcess.StartAsync("start", _place.File);
        await using var _ = worker;
        Assert.Equal("ready", line);

        var error = await Assert.ThrowsAsync<StoreException>(() => StartedAsync());
        Assert.Contains($"process {worker.Id.ToString(CultureInfo.InvariantCulture)}", error.Message, StringComparison.Ordinal);

        var (second, refusal) = await WorkerProcess.StartAsync("start", _place.File);
        await using var __ = second;
        Assert.StartsWith("StoreException: Another instance uses", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_name_of_the_same_file_is_the_same_file()
    {
        await using var first = await StartedAsync();
        var link = Path.Combine(_place.Folder, "other-name.db");
        File.CreateSymbolicLink(link, _place.File);

        await Assert.ThrowsAsync<StoreException>(() => StartedAsync(link));
    }

    [Fact]
    public async Task A_second_store_waits_for_the_first_to_leave()
    {
        var first = await StartedAsync();
        var second = _place.Open(configure: options => options.InstanceWait = TimeSpan.FromMinutes(1));
        await using var _ = second;
        var starting = second.StartAsync([Billing], Cancellation).AsTask();
        Assert.False(starting.IsCompleted);

        await first.DisposeAsync();
        await starting;

        Assert.Equal(0, await second.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Of_two_stores_that_start_at_the_same_moment_one_gets_the_file()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var store = _place.Open(configure: options => options.InstanceWait = TimeSpan.Zero);
            var error = await Record.ExceptionAsync(async () => await store.StartAsync([Billing], Cancellation));
            return (Store: store, Error: error);
        }, Cancellation)));

        Assert.Single(starts, start => start.Error is null);
        Assert.Single(starts, start => start.Error is StoreException);
        foreach (var (store, _) in starts)
            await store.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_processes_that_start_at_the_same_moment_one_gets_the_file()
    {
        var starts = await Task.WhenAll(WorkerProcess.StartAsync("start", _place.File), WorkerProcess.StartAsync("start", _place.File));

        Assert.Single(starts, start => start.Line == "ready");
        Assert.Single(starts, start => start.Line.StartsWith("StoreException", StringComparison.Ordinal));
        foreach (var (worker, _) in starts)
            await worker.DisposeAsync();
    }

    [Fact]
    public async Task A_process_killed_in_mid_transaction_leaves_nothing_of_it_and_the_lock_is_free()
    {
        var (worker, line) = await WorkerProcess.StartAsync("write", _place.File);
        await using var _ = worker;
        Assert.Equal("ready", line);

        await worker.KillAsync();

        await using var store = await StartedAsync();
        Assert.Equal(1, await store.CountOutboxAsync(Cancellation));
        await using var work = await store.BeginAsync(Cancellation);
        var verdicts = await work.AddToInboxAsync(
            [new InboxEntry(Billing, InboxKey.Of("committed"), 1), new InboxEntry(Billing, InboxKey.Of("uncommitted"), 1)], Cancellation);
        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.New], verdicts);
    }

    [Fact]
    public async Task What_a_killed_process_held_is_free_at_once_and_abandoned()
    {
        var (worker, line) = await WorkerProcess.StartAsync("hold", _place.File);
        await using var _ = worker;
        Assert.Equal("ready", line);

        await worker.KillAsync();

        await using var store = await StartedAsync();
        var claimed = await store.Outbox.ClaimAsync(
            new OutboxClaim(TransportNames.Local, "queue", 10, new Lease("next", TimeSpan.FromMinutes(1))), Cancellation);
        Assert.True(Assert.Single(claimed).Abandoned);
    }

    [Fact]
    public async Task A_deferred_message_that_a_dead_process_held_is_due_at_once_and_its_attempt_is_counted()
    {
        var message = new DeferredMessage
        {
            Consumer = Billing,
            Transport = TransportNames.Local,
            Source = "queue",
            DedupeKey = "a",
            Envelope = new Envelope { MessageId = "m", Body = Encoding.UTF8.GetBytes("{}") },
        };
        var lease = new Lease("first", TimeSpan.FromDays(1));
        await using (var first = await StartedAsync())
        {
            await using (var work = await first.BeginAsync(Cancellation))
            {
                await work.DeferAsync(message, TimeSpan.Zero, Cancellation);
                await work.CommitAsync(Cancellation);
            }

            Assert.Equal(1, (await first.Deferral.ClaimAsync([Billing], lease, Cancellation)).Message?.Attempts);
            Assert.Null((await first.Deferral.ClaimAsync([Billing], lease, Cancellation)).Message);
        }

        await using var second = await StartedAsync();
        Assert.Equal(2, (await second.Deferral.ClaimAsync([Billing], lease, Cancellation)).Message?.Attempts);
    }

    [Fact]
    public async Task A_restart_ends_no_waiting_time_of_rows_that_nobody_held()
    {
        await using (var first = await StartedAsync())
        {
            await using var work = await first.BeginAsync(Cancellation);
            await work.AddToOutboxAsync(
                [new OutboxRow
                {
                    Transport = TransportNames.Local,
                    Route = "queue",
                    NotBefore = DateTimeOffset.UtcNow + TimeSpan.FromDays(1),
                    Envelope = new Envelope { MessageId = "later", Body = ReadOnlyMemory<byte>.Empty },
                }], null, Cancellation);
            await work.CommitAsync(Cancellation);
        }

        await using var second = await StartedAsync();
        Assert.Empty(await second.Outbox.ClaimAsync(
            new OutboxClaim(TransportNames.Local, null, 10, new Lease("next", TimeSpan.FromMinutes(1))), Cancellation));
    }

    private async Task<IMessageStore> StartedAsync(string? file = null)
    {
        var store = _place.Open(file, configure: options => options.InstanceWait = TimeSpan.Zero);
        try
        {
            await store.StartAsync([Billing], Cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }
}
