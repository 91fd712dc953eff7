using System.Diagnostics;
using static Reliability.Tests.Samples;

namespace Reliability.Tests;

/// <summary>Processes beside each other on one schema, by the database's own clock.</summary>
public sealed class SharingTests : IAsyncLifetime
{
    private readonly PostgreSqlPlace _place = new();
    private IMessageStore _one = null!;
    private IMessageStore _two = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _place.ConnectionStringAsync();
        _one = _place.Open();
        _two = _place.Open();
        await _one.StartAsync([Billing], Cancellation);
        await _two.StartAsync([Billing], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task A_lease_ends_by_the_databases_clock_and_the_other_process_takes_over()
    {
        await _one.CommitAsync(work => work.AddToOutboxAsync([Row("a")], new Lease("one", TimeSpan.FromSeconds(1)), Cancellation), Cancellation);
        Assert.Empty(await _two.Outbox.ClaimAsync(Claim("two"), Cancellation));

        IReadOnlyList<OutboxRow> rows = [];
        await EventuallyAsync(async () => (rows = await _two.Outbox.ClaimAsync(Claim("two"), Cancellation)).Count > 0, "the lease ends");

        Assert.True(Assert.Single(rows).Abandoned);
        Assert.InRange(rows[0].CreatedAt, DateTimeOffset.UtcNow - TimeSpan.FromMinutes(5), DateTimeOffset.UtcNow + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Fresh_rows_wake_another_process_within_a_second()
    {
        OutboxNews? heard = null;
        using var listening = _two.Listen(news => heard ??= news);
        // Until the other listens; what is committed before is not heard.
        await EventuallyAsync(async () =>
        {
            await _one.CommitAsync(work => work.AddToOutboxAsync([Row("before", route: "a")], null, Cancellation), Cancellation);
            return heard is not null;
        }, "the other process listens");
        await Task.Delay(100, Cancellation);
        heard = null;

        var clock = Stopwatch.StartNew();
        await _one.CommitAsync(work => work.AddToOutboxAsync([Row("m", route: "a\nb"), Row("n", route: "a\nb")], null, Cancellation), Cancellation);
        await EventuallyAsync(() => Task.FromResult(heard is not null), "news", TimeSpan.FromSeconds(5));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(new OutboxNews(TransportNames.RabbitMq, "a\nb"), heard);
    }

    [Fact]
    public async Task Rows_that_are_leased_or_delayed_or_rolled_back_wake_no_one()
    {
        var heard = new List<OutboxNews>();
        using var listening = _two.Listen(news =>
        {
            lock (heard)
                heard.Add(news);
        });
        await EventuallyAsync(async () =>
        {
            await _one.CommitAsync(work => work.AddToOutboxAsync([Row("m", route: "begin")], null, Cancellation), Cancellation);
            lock (heard)
                return heard.Count > 0;
        }, "the other process listens");

        await _one.CommitAsync(work => work.AddToOutboxAsync([Row("m", route: "leased")], new Lease("one", TimeSpan.FromMinutes(1)), Cancellation), Cancellation);
        await _one.CommitAsync(work => work.AddToOutboxAsync([Delayed("delayed")], null, Cancellation), Cancellation);
        await using (var work = await _one.BeginAsync(Cancellation))
            await work.AddToOutboxAsync([Row("m", route: "rolled back")], null, Cancellation);

        await _one.CommitAsync(work => work.AddToOutboxAsync([Row("m", route: "x"), Row("m", route: "y"), Delayed("later")], null, Cancellation), Cancellation);
        await EventuallyAsync(() =>
        {
            lock (heard)
                return Task.FromResult(heard.Exists(news => news.Route.Length == 0));
        }, "the last news, of two routes at once");

        Assert.Equal(["", "begin"], heard.Select(news => news.Route).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Whoever_stops_listening_hears_no_more_and_others_do()
    {
        var (first, second) = (0, 0);
        var ending = _two.Listen(_ => Interlocked.Increment(ref first));
        using var staying = _two.Listen(_ => Interlocked.Increment(ref second));
        await EventuallyAsync(() => TellAsync(() => first > 0 && second > 0), "both hear");

        ending.Dispose();
        var until = (first, second);
        await EventuallyAsync(() => TellAsync(() => second > until.second + 1), "the other still hears");

        Assert.InRange(first, until.first, until.first + 1);
    }

    [Fact]
    public async Task Three_owners_share_a_duty_as_they_come_and_go_and_one_dies()
    {
        async Task<int> AskAsync(string owner, double seconds)
        {
            var store = owner == "one" ? _one : _two;
            var share = await store.Leases.ShareAsync("relay", 64, new Lease(owner, TimeSpan.FromSeconds(seconds)), Cancellation);
            if (share.Parts.Count > share.Fair)
                await store.Leases.ReturnAsync("relay", [.. share.Parts.Skip(share.Fair)], owner, Cancellation);

            return Math.Min(share.Parts.Count, share.Fair);
        }

        Assert.Equal(64, await AskAsync("one", 600));
        Assert.Equal(0, await AskAsync("two", 600));
        Assert.Equal(0, await AskAsync("mortal", 2));
        Assert.Equal(22, await AskAsync("one", 600));
        Assert.Equal((22, 20), (await AskAsync("two", 600), await AskAsync("mortal", 2)));

        // It never asks again; its lease ends by itself, and the others take what it had.
        await EventuallyAsync(async () => await AskAsync("one", 600) + await AskAsync("two", 600) == 64, "the dead one's parts are taken");
        Assert.Equal((32, 32), (await AskAsync("one", 600), await AskAsync("two", 600)));

        await _one.Leases.LeaveAsync("relay", "one", Cancellation);
        Assert.Equal(64, await AskAsync("two", 600));
    }

    [Fact]
    public async Task Messages_deferred_under_one_key_by_two_processes_at_once_are_handled_one_after_another()
    {
        static DeferredMessage Deferred(string key) => new()
        {
            Consumer = Billing,
            Transport = TransportNames.RabbitMq,
            Source = "orders",
            DedupeKey = key,
            OrderKey = "customer-7",
            Envelope = Row("m").Envelope,
        };

        // Both are the first of their key as far as they can see.
        await using (var first = await _one.BeginAsync(Cancellation))
        await using (var second = await _two.BeginAsync(Cancellation))
        {
            await first.DeferAsync(Deferred("a"), TimeSpan.Zero, Cancellation);
            await second.DeferAsync(Deferred("b"), TimeSpan.Zero, Cancellation);
            await second.CommitAsync(Cancellation);
            await first.CommitAsync(Cancellation);
        }

        var lease = new Lease("one", TimeSpan.FromMinutes(1));
        var held = (await _one.Deferral.ClaimAsync([Billing], lease, Cancellation)).Message!;
        Assert.Equal("a", held.DedupeKey);
        Assert.Null((await _two.Deferral.ClaimAsync([Billing], lease, Cancellation)).Message);

        // One goes behind it just while it leaves.
        var leaving = await _one.BeginAsync(Cancellation);
        await leaving.RemoveDeferredAsync(held.Id, Cancellation);
        var late = Task.Run(() => _two.CommitAsync(work => work.DeferAsync(Deferred("c"), TimeSpan.Zero, Cancellation), Cancellation), Cancellation);
        await Task.Delay(200, Cancellation);
        await leaving.CommitAsync(Cancellation);
        await leaving.DisposeAsync();
        Assert.Equal(InboxVerdict.New, await late);

        var order = new List<string>();
        while ((await _two.Deferral.ClaimAsync([Billing], lease, Cancellation)).Message is { } message)
        {
            order.Add(message.DedupeKey);
            await _two.CommitAsync(work => work.RemoveDeferredAsync(message.Id, Cancellation), Cancellation);
        }

        Assert.Equal(["b", "c"], order);
    }

    private static OutboxRow Delayed(string route) => new()
    {
        Transport = TransportNames.RabbitMq,
        Route = route,
        NotBefore = DateTimeOffset.UtcNow + TimeSpan.FromHours(1),
        Envelope = Row("m").Envelope,
    };

    private async Task<bool> TellAsync(Func<bool> until)
    {
        await _one.CommitAsync(work => work.AddToOutboxAsync([Row("m")], null, Cancellation), Cancellation);
        await Task.Delay(20, Cancellation);
        return until();
    }
}
