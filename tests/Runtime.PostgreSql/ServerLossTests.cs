using System.Diagnostics;
using Npgsql;
using Reliability.Tests.Services;
using static Reliability.Tests.Samples;

namespace Reliability.Tests;

/// <summary>A server of the test's own that is killed, stopped or full.</summary>
public sealed class ServerLossTests : IAsyncLifetime
{
    private readonly PostgreSqlPlace _place = new();
    private PostgreSqlServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await PostgreSqlServer.StartAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        await _place.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_was_committed_before_a_kill_is_there_after_it_and_nothing_else()
    {
        await using var store = await StartAsync();
        await store.CommitAsync(async work =>
        {
            await work.AddToInboxAsync([Entry("committed")], Cancellation);
            await work.AddToOutboxAsync([Row("committed")], new Lease("relay", TimeSpan.FromMinutes(1)), Cancellation);
        }, Cancellation);
        await using (var work = await store.BeginAsync(Cancellation))
        {
            await work.AddToInboxAsync([Entry("uncommitted")], Cancellation);
            await work.AddToOutboxAsync([Row("uncommitted")], null, Cancellation);
            await _server.KillAsync(Cancellation);

            var error = await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await work.CommitAsync(Cancellation));
            Assert.True(store.IsUnavailable(error), error.ToString());
        }

        // While it is away every call says so. Pooled connections first, which do not know yet; then new ones.
        for (var i = 0; i < 5; i++)
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() => store.CountOutboxAsync(Cancellation));
            Assert.True(store.IsUnavailable(error), error.ToString());
        }

        await _server.RestartAsync(Cancellation);
        await EventuallyAsync(async () => await WorksAsync(store), "the store works again");

        Assert.Equal([InboxVerdict.Duplicate, InboxVerdict.New],
            await store.CommitAsync(work => work.AddToInboxAsync([Entry("committed"), Entry("uncommitted")], Cancellation), Cancellation));
        Assert.Equal(1, await store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task A_server_that_stands_still_is_a_reason_to_wait()
    {
        await using var store = await StartAsync(_server.ConnectionString + ";Command Timeout=1;Timeout=2;Cancellation Timeout=500");
        await store.CountOutboxAsync(Cancellation);
        await _server.PauseAsync(Cancellation);
        try
        {
            var error = await Assert.ThrowsAnyAsync<Exception>(() => store.CountOutboxAsync(Cancellation));
            Assert.True(store.IsUnavailable(error), error.ToString());
        }
        finally
        {
            await _server.ResumeAsync(Cancellation);
        }

        await EventuallyAsync(async () => await WorksAsync(store), "the store works again");
    }

    [Fact]
    public async Task Whoever_listens_hears_again_after_the_server_was_away_and_is_told_to_look_once()
    {
        await using var store = await StartAsync();
        var news = new List<OutboxNews>();
        await store.Outbox.ClaimAsync(Claim("relay"), Cancellation);
        using var listening = store.Listen(told =>
        {
            lock (news)
                news.Add(told);
        });
        await EventuallyAsync(() => HeardAsync(store, news, "before"), "news before the kill");
        await _server.KillAsync(Cancellation);
        await _server.RestartAsync(Cancellation);

        await EventuallyAsync(() =>
        {
            lock (news)
                return Task.FromResult(news.Contains(new OutboxNews(TransportNames.RabbitMq, "")));
        }, "told to look, since news may have been missed");
        await EventuallyAsync(() => HeardAsync(store, news, "after"), "news after the restart");
    }

    [Fact]
    public async Task A_full_disk_keeps_nothing_and_the_store_goes_on_when_there_is_room_again()
    {
        var folder = Path.Combine(_server.Folder, "small");
        Assert.SkipUnless(Environment.UserName == "root" && await RunAsync("mount", "--mkdir", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder),
            "Only root may mount the small disk that this test fills.");
        try
        {
            Assert.True(await RunAsync("chown", "--reference", Path.Combine(_server.Folder, "data"), folder));
            await PostgreSqlPlace.ExecuteAsync(_server.ConnectionString, $"CREATE TABLESPACE small LOCATION '{folder}'");
            await PostgreSqlPlace.ExecuteAsync(_server.ConnectionString, "ALTER DATABASE reliability SET default_tablespace = small");
            await using var store = await StartAsync();
            Exception? full = null;
            var kept = 0;
            for (; full is null && kept < 100; kept++)
                full = await Record.ExceptionAsync(() => store.CommitAsync(work => work.AddToOutboxAsync([Row("m-" + kept, bytes: 300_000)], null, Cancellation), Cancellation));

            Assert.Equal(PostgresErrorCodes.DiskFull, Assert.IsType<PostgresException>(full).SqlState);
            Assert.True(store.IsUnavailable(full));
            Assert.Equal(kept - 1, await store.CountOutboxAsync(Cancellation));

            Assert.True(await RunAsync("mount", "-o", "remount,size=64m", folder));
            await store.CommitAsync(work => work.AddToOutboxAsync([Row("m-last", bytes: 300_000)], null, Cancellation), Cancellation);
            Assert.Equal(kept, await store.CountOutboxAsync(Cancellation));
        }
        finally
        {
            await RunAsync("umount", "--lazy", folder);
        }
    }

    private async Task<IMessageStore> StartAsync(string? connectionString = null)
    {
        var store = _place.Open(connectionString ?? _server.ConnectionString);
        await store.StartAsync([Billing], Cancellation);
        return store;
    }

    private static async Task<bool> WorksAsync(IMessageStore store)
    {
        try
        {
            await store.CountOutboxAsync(Cancellation);
            return true;
        }
        catch (Exception error) when (store.IsUnavailable(error))
        {
            return false;
        }
    }

    private static async Task<bool> HeardAsync(IMessageStore store, List<OutboxNews> news, string route)
    {
        if (await Record.ExceptionAsync(() => store.CommitAsync(work => work.AddToOutboxAsync([Row("m", route: route)], null, Cancellation), Cancellation)) is { } error)
            Assert.True(store.IsUnavailable(error), error.ToString());

        await Task.Delay(50, Cancellation);
        lock (news)
            return news.Contains(new OutboxNews(TransportNames.RabbitMq, route));
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(Cancellation);
        return process.ExitCode == 0;
    }
}
