using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using static Reliability.Tests.Samples;

namespace Reliability.Tests;

/// <summary>How often the server is asked, and how much it reads for an answer: numbers that are the same on every computer.</summary>
public sealed class CostTests : IAsyncLifetime
{
    private static readonly Lease Held = new("elsewhere", TimeSpan.FromDays(1));

    private readonly PostgreSqlPlace _place = new();
    private NpgsqlDataSource _source = null!;
    private IMessageStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // One connection, so that what is counted is all the work of one backend.
    public async ValueTask InitializeAsync()
    {
        _source = NpgsqlDataSource.Create(await _place.ConnectionStringAsync() + ";Maximum Pool Size=1;Max Auto Prepare=50;Auto Prepare Min Usages=2");
        _store = _place.Open(options => options.DataSource = _source);
        await using var started = _place.Open();
        await started.StartAsync([Billing], Cancellation);
        await _store.AttachAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _source.DisposeAsync();
        await _place.DisposeAsync();
    }

    [Fact]
    public async Task A_group_takes_three_round_trips_whatever_its_size()
    {
        foreach (var size in new[] { 1, 100 })
        {
            var arrived = Rows(size, "in-" + size);
            await _store.CommitAsync(work => work.AddToOutboxAsync(arrived, Held, Cancellation), Cancellation);

            var batches = await CountAsync(() => HandleAsync("first", size, arrived));

            // The inbox; the results; the removals, the receipts and the commit.
            Assert.Equal(3, batches.Count);
            Assert.Equal((long)size, await _place.ExecuteAsync($"SELECT count(*) FROM {{0}}.outbox WHERE message_id LIKE 'out-{size}-%'"));
            Assert.Equal(0L, await _place.ExecuteAsync($"SELECT count(*) FROM {{0}}.outbox WHERE message_id LIKE 'in-{size}-%'"));
        }
    }

    [Fact]
    public async Task A_group_of_duplicates_takes_three_round_trips_whatever_its_size()
    {
        InboxEntry[] entries = [.. Enumerable.Range(0, 100).Select(i => Entry("order-" + i))];
        await _store.CommitAsync(work => work.AddToInboxAsync(entries, Cancellation), Cancellation);

        var batches = await CountAsync(() => _store.CommitAsync(work => work.AddToInboxAsync(entries, Cancellation), Cancellation));

        // The inbox, twice; the count of duplicates and the commit.
        Assert.Equal(3, batches.Count);
    }

    [Fact]
    public async Task A_transaction_that_only_reads_takes_a_round_trip_for_its_commit()
    {
        var batches = await CountAsync(async () =>
        {
            await using var work = await _store.BeginAsync(Cancellation);
            await work.CommitAsync(Cancellation);
        });

        Assert.Single(batches);
    }

    [Fact]
    public async Task A_claim_takes_one_round_trip_and_so_do_removing_renewing_and_releasing()
    {
        var rows = Rows(50, "m");
        await _store.CommitAsync(work => work.AddToOutboxAsync(rows, null, Cancellation), Cancellation);
        long[] ids = [.. rows.Select(row => row.Id)];

        Assert.Single(await CountAsync(async () => Assert.Equal(50, (await _store.Outbox.ClaimAsync(Claim("relay"), Cancellation)).Count)));
        Assert.Single(await CountAsync(() => _store.Outbox.RenewAsync(ids, Claim("relay").Lease, Cancellation).AsTask()));
        Assert.Single(await CountAsync(() => _store.Outbox.ReleaseAsync(ids[..10], Cancellation).AsTask()));
        Assert.Single(await CountAsync(() => _store.Outbox.RemoveAsync(ids, audit: true, Cancellation).AsTask()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_claim_reads_the_same_however_many_rows_are_held_or_due_later_or_free(bool analyzed)
    {
        await AddAsync(100, null);
        var alone = await ReadsOfClaimAsync();

        await AddAsync(20_000, Held);
        await AddAsync(20_000, null, TimeSpan.FromDays(1));
        if (analyzed)
            await _place.ExecuteAsync("ANALYZE {0}.outbox");

        var among = await ReadsOfClaimAsync();
        await AddAsync(20_000, null);
        if (analyzed)
            await _place.ExecuteAsync("ANALYZE {0}.outbox");

        var more = await ReadsOfClaimAsync();

        // Index entries of rows that were leased and released before are read until vacuum removes them; a walk over 20,000 rows, 16 times, is another matter.
        Assert.InRange(among, 1, (alone * 2) + 5_000);
        Assert.InRange(more, 1, (alone * 2) + 5_000);
    }

    [Fact]
    public async Task The_oldest_row_is_found_the_same_among_rows_that_are_due_later_or_of_another_transport()
    {
        await AddAsync(20_000, null, TimeSpan.FromDays(1));
        await _store.CommitAsync(work => work.AddToOutboxAsync(Rows(20_000, "k", TransportNames.Kafka), null, Cancellation), Cancellation);
        await AddAsync(20_000, null);

        var reads = await ReadsAsync(async () =>
        {
            Assert.NotNull(await _store.Outbox.FindOldestAsync(TransportNames.RabbitMq, Cancellation));
            Assert.NotNull(await _store.Outbox.FindOldestAsync(TransportNames.Kafka, Cancellation));
        });

        Assert.InRange(reads, 1, 50);
    }

    [Fact]
    public async Task A_send_on_the_fast_path_updates_no_row_and_deletes_it_once()
    {
        var rows = Rows(100, "m");
        await _store.CommitAsync(work => work.AddToOutboxAsync(rows, Held, Cancellation), Cancellation);
        await _store.Outbox.RemoveAsync([.. rows.Select(row => row.Id)], audit: false, Cancellation);
        await FlushAsync();

        Assert.Equal("100/0/100", await _place.ExecuteAsync(
            $"SELECT n_tup_ins || '/' || n_tup_upd || '/' || n_tup_del FROM pg_stat_user_tables WHERE relname = 'outbox' AND schemaname = '{_place.Schema}'"));
    }

    [Fact]
    public async Task A_statement_that_fails_between_its_begin_and_commit_leaves_its_connection_usable()
    {
        await _place.ExecuteAsync("ALTER TABLE {0}.outbox RENAME TO moved");
        var error = await Assert.ThrowsAsync<PostgresException>(async () => await _store.Outbox.ClaimAsync(Claim("relay"), Cancellation));
        Assert.Equal(PostgresErrorCodes.UndefinedTable, error.SqlState);
        await _place.ExecuteAsync("ALTER TABLE {0}.moved RENAME TO outbox");

        // There is one connection only.
        await AddAsync(1, null);
        Assert.Single(await _store.Outbox.ClaimAsync(Claim("relay"), Cancellation));
    }

    private Task HandleAsync(string keys, int size, OutboxRow[] arrived) => _store.CommitAsync(async work =>
    {
        var verdicts = await work.AddToInboxAsync([.. Enumerable.Range(0, size).Select(i => Entry($"{keys}-{size}-{i}"))], Cancellation);
        Assert.All(verdicts, verdict => Assert.Equal(InboxVerdict.New, verdict));
        await work.AddToOutboxAsync(Rows(size, "out-" + size), Held, Cancellation);
        await work.RemoveFromOutboxAsync([.. arrived.Select(row => row.Id)], Cancellation);
        await work.AddReceiptsAsync([.. arrived.Select(row => new Receipt(row.Envelope.MessageId, Billing, true, null))], Cancellation);
    }, Cancellation);

    private static OutboxRow[] Rows(int count, string name, string transport = TransportNames.RabbitMq) =>
        [.. Enumerable.Range(0, count).Select(i => Row($"{name}-{i}", transport: transport))];

    private Task AddAsync(int count, Lease? lease, TimeSpan? later = null) => _store.CommitAsync(work => work.AddToOutboxAsync(
        [.. Enumerable.Range(0, count).Select(i => new OutboxRow
        {
            Transport = TransportNames.RabbitMq,
            Route = "invoices",
            NotBefore = DateTimeOffset.UtcNow + later,
            Envelope = Row("m-" + i).Envelope,
        })], lease, Cancellation), Cancellation);

    /// <summary>What the driver sends: the beginning of a transaction travels with its first batch, so each is a round trip.</summary>
    private static async Task<IReadOnlyCollection<string>> CountAsync(Func<Task> act)
    {
        using var source = new ActivitySource(nameof(CostTests));
        var sent = new ConcurrentQueue<string>();
        ActivityTraceId trace = default;
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name is "Npgsql" or nameof(CostTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace && activity.Kind == ActivityKind.Client)
                    sent.Enqueue(activity.GetTagItem("db.statement") as string ?? activity.DisplayName);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using (var mine = source.StartActivity("test"))
        {
            trace = mine!.TraceId;
            await act();
        }

        return sent;
    }

    private Task<long> ReadsOfClaimAsync() => ReadsAsync(async () =>
    {
        // Often enough that the server settles on one plan for all.
        for (var i = 0; i < 8; i++)
        {
            foreach (var route in new[] { null, "invoices" })
            {
                var rows = await _store.Outbox.ClaimAsync(Claim("relay", limit: 10) with { Route = route }, Cancellation);
                Assert.Equal(10, rows.Count);
                await _store.Outbox.ReleaseAsync([.. rows.Select(row => row.Id)], Cancellation);
            }
        }
    });

    /// <summary>How many rows and index entries of the outbox were read.</summary>
    private async Task<long> ReadsAsync(Func<Task> act)
    {
        var before = await ReadCountersAsync();
        await act();
        return await ReadCountersAsync() - before;
    }

    private async Task<long> ReadCountersAsync()
    {
        await FlushAsync();
        return (long)(await _place.ExecuteAsync($"""
            SELECT (seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes AS i WHERE i.relid = t.relid))::bigint
            FROM pg_stat_user_tables AS t WHERE relname = 'outbox' AND schemaname = '{_place.Schema}'
            """))!;
    }

    private async Task FlushAsync()
    {
        await using var command = _source.CreateCommand("SELECT pg_stat_force_next_flush()");
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
