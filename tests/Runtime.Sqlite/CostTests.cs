using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Reliability.Tests;

/// <summary>
/// What is done all the time costs the same over a long backlog as over a short one. Costs are steps of SQLite's virtual machine: the same on every computer.
/// </summary>
public sealed class CostTests : IAsyncLifetime
{
    private const string Billing = "Billing.Issue";
    private const int Backlog = 10_000;

    private static readonly Lease Minute = new("relay", TimeSpan.FromMinutes(1));
    private static readonly int[] AllParts = [.. Enumerable.Range(0, OutboxRow.Parts)];

    private readonly SqlitePlace _place = new();
    private readonly AdjustableTime _time = new();
    private IMessageStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = _place.Open(time: _time);
        await _store.StartAsync([Billing], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("queue", false)]
    [InlineData(null, true)]
    [InlineData("queue", true)]
    public async Task A_claim_costs_the_same_however_many_rows_are_free_held_or_due_later(string? route, bool inOrder)
    {
        await AddAsync(100);
        var alone = await StepsAsync(ClaimAndReleaseAsync);

        await AddAsync(Backlog, new Lease("elsewhere", TimeSpan.FromDays(1)));
        await AddAsync(Backlog, notBefore: _time.GetUtcNow() + TimeSpan.FromDays(1));
        await AddAsync(Backlog);

        Assert.InRange(await StepsAsync(ClaimAndReleaseAsync), 1, alone * 11 / 10);

        async Task ClaimAndReleaseAsync()
        {
            var rows = await ClaimAsync(10, route, inOrder ? AllParts : null);
            Assert.Equal(10, rows.Count);
            await _store.Outbox.ReleaseAsync([.. rows.Select(row => row.Id)], Cancellation);
        }
    }

    [Fact]
    public async Task A_claim_costs_the_same_however_many_rows_wait_behind_a_failed_one()
    {
        await AddAsync(1, orderKey: _ => "failing");
        await AddAsync(100, orderKey: i => "key-" + i);
        await _store.Outbox.RescheduleAsync([new OutboxRetry((await ClaimAsync(1, null, AllParts))[0].Id, TimeSpan.FromDays(1))], Cancellation);
        var alone = await StepsAsync(ClaimAndReleaseAsync);

        await AddAsync(Backlog, orderKey: _ => "failing");
        await AddAsync(100, orderKey: i => "key-" + i);
        Assert.Equal(200, (await ClaimAsync(Backlog, null, AllParts)).Count);
        await _store.Outbox.ReleaseAsync([.. Enumerable.Range(1, Backlog + 201).Select(id => (long)id)], Cancellation);

        Assert.InRange(await StepsAsync(ClaimAndReleaseAsync), 1, alone * 11 / 10);

        async Task ClaimAndReleaseAsync()
        {
            var rows = await ClaimAsync(10, null, AllParts);
            Assert.Equal(10, rows.Count);
            await _store.Outbox.ReleaseAsync([.. rows.Select(row => row.Id)], Cancellation);
        }
    }

    [Fact]
    public async Task A_row_of_a_key_costs_the_same_to_send_however_long_its_queue_is()
    {
        await AddAsync(200, orderKey: _ => "key");
        var alone = await StepsAsync(() => SendAsync(10));

        await AddAsync(Backlog, orderKey: _ => "key");
        await SendAsync(10);

        Assert.InRange(await StepsAsync(() => SendAsync(10)), 1, alone * 11 / 10);
    }

    [Fact]
    public async Task A_look_for_deferred_messages_costs_the_same_however_many_wait_are_held_or_stand_behind_others()
    {
        await DeferAsync(20, TimeSpan.FromHours(1), i => "key-" + i);
        var alone = await StepsAsync(LookAsync);

        await DeferAsync(Backlog, TimeSpan.FromHours(2), _ => null);
        await DeferAsync(Backlog, TimeSpan.Zero, i => "key-" + (i % 20));

        Assert.InRange(await StepsAsync(LookAsync), 1, alone * 11 / 10);

        async Task LookAsync() => Assert.Equal(TimeSpan.FromHours(1), (await _store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).DueIn);
    }

    [Fact]
    public async Task Forgetting_a_few_costs_the_same_however_many_are_remembered()
    {
        await HandleAsync(80, "old");
        _time.Advance(TimeSpan.FromDays(2));
        var alone = await StepsAsync(ForgetAsync);

        await HandleAsync(Backlog, "young");

        Assert.InRange(await StepsAsync(ForgetAsync), 1, alone * 12 / 10);

        async Task ForgetAsync() => Assert.Equal(20, await _store.Inbox.ForgetAsync(Billing, TimeSpan.FromDays(1), 20, Cancellation));
    }

    [Fact]
    public async Task No_statement_that_runs_again_and_again_reads_a_whole_table()
    {
        var statements = new List<string>();
        await using (var work = await _store.BeginAsync(Cancellation))
            raw.sqlite3_trace(((SqliteConnection)work.Connection).Handle!, (_, sql) => statements.Add(sql), null);

        await UseEverythingAsync();

        using var connection = (SqliteConnection)await _place.ConnectAsync();
        // Comments are what triggers run.
        var plans = statements.Where(sql => !sql.StartsWith("--", StringComparison.Ordinal) && sql.Contains("reliability_", StringComparison.Ordinal))
            .SelectMany(sql => PlanOf(connection, sql).Select(step => $"{step} in: {sql}")).ToList();
        Assert.True(plans.Count > 50, string.Create(CultureInfo.InvariantCulture, $"Only {plans.Count} steps were seen."));
        Assert.DoesNotContain(plans, plan => plan.StartsWith("SCAN", StringComparison.Ordinal) || plan.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    private async Task UseEverythingAsync()
    {
        await AddAsync(50, orderKey: i => i % 2 == 0 ? "key-" + (i % 10) : null);
        await AddAsync(50);
        await DeferAsync(50, TimeSpan.Zero, i => "key-" + (i % 10));
        await HandleAsync(50, "m");
        await SendAsync(5);
        var failed = (await ClaimAsync(10, "queue", AllParts)).First(row => row.OrderKey is not null);
        await _store.Outbox.RescheduleAsync([new OutboxRetry(failed.Id, TimeSpan.FromSeconds(1))], Cancellation);
        await _store.Outbox.RenewAsync([failed.Id + 1], Minute, Cancellation);
        await ClaimAsync(100, null, AllParts);
        await ClaimAsync(100, null, null);
        var letter = new DeadLetter { Transport = "local", Source = "queue", Envelope = Message("m"), Reason = DeadLetterReason.Rejected, Error = "" };
        var deferred = (await _store.Deferral.ClaimAsync([Billing], Minute, Cancellation)).Message!;
        await _store.Deferral.RenewAsync(deferred.Id, Minute, Cancellation);
        await _store.CommitAsync(async work =>
        {
            await work.AddDeadLetterAsync(letter, Cancellation);
            await work.TakeDeadLetterAsync(1, Cancellation);
            await work.AddReceiptsAsync([new Receipt("m", Billing, true, null)], Cancellation);
            await work.RemoveFromInboxAsync([new InboxEntry(Billing, InboxKey.Of("m1"), 1)], Cancellation);
            await work.FindDeferredKeysAsync(Billing, ["key-1", "key-2"], Cancellation);
            await work.RemoveDeferredAsync(deferred.Id, Cancellation);
        }, Cancellation);
        await _store.Leases.ShareAsync("relay", 64, Minute, Cancellation);
        await _store.Inbox.ForgetAsync(Billing, TimeSpan.FromDays(1), 10, Cancellation);
        await _store.Audit.ForgetAsync(TimeSpan.FromDays(1), 10, Cancellation);
    }

    private static List<string> PlanOf(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        using var reader = command.ExecuteReader();
        var steps = new List<string>();
        while (reader.Read())
            steps.Add(reader.GetString(3));

        return steps;
    }

    // The writing connection is the one that units of work hand out.
    private async Task<int> StepsAsync(Func<Task> act)
    {
        // Statements are prepared at their first run.
        await act();
        sqlite3 handle;
        await using (var work = await _store.BeginAsync(Cancellation))
            handle = ((SqliteConnection)work.Connection).Handle!;

        var steps = 0;
        raw.sqlite3_progress_handler(handle, 1, _ => ++steps & 0, null);
        await act();
        raw.sqlite3_progress_handler(handle, 0, null, null);
        return steps;
    }

    private async Task SendAsync(int count)
    {
        var rows = await ClaimAsync(count, null, AllParts);
        Assert.Equal(count, rows.Count);
        await _store.Outbox.RemoveAsync([.. rows.Select(row => row.Id)], audit: true, Cancellation);
    }

    private async Task<IReadOnlyList<OutboxRow>> ClaimAsync(int limit, string? route, int[]? parts) =>
        await _store.Outbox.ClaimAsync(new OutboxClaim("local", route, limit, Minute) { Parts = parts }, Cancellation);

    private Task AddAsync(int count, Lease? lease = null, DateTimeOffset? notBefore = null, Func<int, string?>? orderKey = null) => _store.CommitAsync(
        work => work.AddToOutboxAsync(
            [.. Enumerable.Range(0, count).Select(i => new OutboxRow
            {
                Transport = "local",
                Route = "queue",
                NotBefore = notBefore,
                OrderKey = orderKey?.Invoke(i),
                Envelope = Message("m"),
            })], lease, Cancellation), Cancellation);

    private Task DeferAsync(int count, TimeSpan delay, Func<int, string?> orderKey) => _store.CommitAsync(async work =>
    {
        for (var i = 0; i < count; i++)
        {
            await work.DeferAsync(
                new DeferredMessage
                {
                    Consumer = Billing,
                    Transport = "local",
                    Source = "queue",
                    DedupeKey = Guid.NewGuid().ToString(),
                    OrderKey = orderKey(i),
                    Envelope = Message("m"),
                }, delay, Cancellation);
        }
    }, Cancellation);

    private Task HandleAsync(int count, string prefix) => _store.CommitAsync(
        work => work.AddToInboxAsync([.. Enumerable.Range(0, count).Select(i => new InboxEntry(Billing, InboxKey.Of(prefix + i), 1))], Cancellation), Cancellation);

    private static Envelope Message(string id) => new() { MessageId = id, Body = Encoding.UTF8.GetBytes("{}") };
}
