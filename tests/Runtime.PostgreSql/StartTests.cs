using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using static Reliability.Tests.Samples;

namespace Reliability.Tests;

/// <summary>What a start refuses, in words that say what to do, and what it takes in its stride.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private readonly PostgreSqlPlace _place = new();
    private string _connectionString = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _connectionString = await _place.ConnectionStringAsync();

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Eight_instances_that_start_at_once_over_nothing_all_start()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            var store = _place.Open();
            await store.StartAsync([Billing, "Handler." + (i % 3)], Cancellation);
            return store;
        }, Cancellation)));

        Assert.Equal([Billing, "Handler.0", "Handler.1", "Handler.2"], (await stores[0].Inbox.CountAsync(Cancellation)).Select(count => count.Consumer));
        foreach (var store in stores)
            await store.DisposeAsync();
    }

    [Theory]
    [InlineData("Odd \"name' ; -- $$ ünï.\\")]
    [InlineData("select")]
    [InlineData("{0} %s")]
    public async Task A_schema_may_have_any_name(string name)
    {
        await using var place = new PostgreSqlPlace { Schema = name + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..8] };
        await place.ConnectionStringAsync();
        await using var store = place.Open(options => options.PartitionedInbox = true);
        await store.StartAsync([Billing], Cancellation);

        await store.CommitAsync(work => work.AddToOutboxAsync([Row("a")], null, Cancellation), Cancellation);

        Assert.Single(await store.Outbox.ClaimAsync(Claim("relay"), Cancellation));
        Assert.Equal(1, (await store.Leases.ShareAsync("duty", 1, new Lease("relay", TimeSpan.FromMinutes(1)), Cancellation)).Fair);
    }

    [Fact]
    public async Task Tables_of_a_newer_package_are_refused_and_left_alone()
    {
        await using (var store = _place.Open())
            await store.StartAsync([Billing], Cancellation);

        await _place.ExecuteAsync("UPDATE {0}.schema_version SET version = 99");
        var message = await RefusalAsync();

        Assert.Contains("version 99", message, StringComparison.Ordinal);
        Assert.Contains("update the package", message, StringComparison.Ordinal);
        Assert.Equal(99, await _place.ExecuteAsync("SELECT version FROM {0}.schema_version"));
    }

    [Fact]
    public async Task Without_the_right_to_apply_it_missing_tables_are_refused_with_the_way_to_make_them()
    {
        var message = await RefusalAsync(options => options.ApplySchema = false);

        Assert.Contains("There are no tables", message, StringComparison.Ordinal);
        Assert.Contains("reliability schema print", message, StringComparison.Ordinal);
        Assert.Equal(0L, await _place.ExecuteAsync($"SELECT count(*) FROM pg_namespace WHERE nspname = '{_place.Schema}'"));
    }

    [Fact]
    public async Task Older_tables_are_refused_where_they_may_not_be_changed()
    {
        await using var store = _place.Open();
        await store.StartAsync([Billing], Cancellation);

        await _place.ExecuteAsync("DELETE FROM {0}.schema_version; INSERT INTO {0}.schema_version VALUES (0)");

        Assert.Contains($"needs version {store.Schema.KnownVersion}", await RefusalAsync(options => options.ApplySchema = false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_version_1_get_what_they_lack_and_keep_what_they_have()
    {
        await using (var store = _place.Open())
        {
            await store.StartAsync([Billing], Cancellation);
            await store.CommitAsync(work => work.AddToInboxAsync([new InboxEntry(Billing, InboxKey.Of("a"), 1)], Cancellation), Cancellation);
        }

        await _place.ExecuteAsync("DROP TABLE {0}.position; UPDATE {0}.schema_version SET version = 1");

        await using var upgraded = _place.Open();
        await upgraded.StartAsync([Billing], Cancellation);
        Assert.Empty(await upgraded.Positions.ReadAsync(Billing, "orders", Cancellation));
        Assert.Contains(new InboxCount(Billing, 1, 0), await upgraded.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_role_that_may_not_create_tables_is_told_so_and_what_to_run()
    {
        await using var role = await TestRole.CreateAsync(_place);

        var message = await RefusalAsync(connectionString: role.ConnectionString);

        Assert.Contains("permission denied for database", message, StringComparison.Ordinal);
        Assert.Contains("reliability schema print", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_use_the_tables_is_told_which_rights_it_lacks_and_can_start_once_it_has_them()
    {
        await using (var store = _place.Open())
            await store.StartAsync([Billing], Cancellation);

        await using var role = await TestRole.CreateAsync(_place);
        Assert.Contains("permission denied for schema", await RefusalAsync(connectionString: role.ConnectionString), StringComparison.Ordinal);
        await _place.ExecuteAsync($"GRANT USAGE ON SCHEMA {{0}} TO {role.Name}; GRANT SELECT ON ALL TABLES IN SCHEMA {{0}} TO {role.Name}");

        var message = await RefusalAsync(connectionString: role.ConnectionString);

        Assert.Contains("DELETE on outbox", message, StringComparison.Ordinal);
        Assert.DoesNotContain("SELECT on outbox", message, StringComparison.Ordinal);
        // The error's own advice.
        await _place.ExecuteAsync(message[message.IndexOf("GRANT", StringComparison.Ordinal)..]);
        await using var works = _place.Open(role.ConnectionString);
        await works.StartAsync([Billing], Cancellation);
        await works.CommitAsync(async work =>
        {
            await work.AddToInboxAsync([Entry("a")], Cancellation);
            await work.AddToOutboxAsync([Row("a")], null, Cancellation);
            await work.AddDeadLetterActionAsync(new DeadLetterAction { DeadLetterId = 1, MessageId = "m", Target = "t", Kind = DeadLetterActionKind.Discarded, By = "x" }, Cancellation);
        }, Cancellation);
        Assert.Single(await works.Outbox.ClaimAsync(Claim("relay"), Cancellation));
    }

    [Fact]
    public async Task A_server_that_takes_no_writes_is_refused()
    {
        await using var role = await TestRole.CreateAsync(_place, "ALTER ROLE {0} SET default_transaction_read_only = on");

        Assert.Contains("takes no writes", await RefusalAsync(connectionString: role.ConnectionString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_refused_by_name_and_a_password_is_never_told()
    {
        var wrong = new NpgsqlConnectionStringBuilder(_connectionString) { Database = "nowhere", Password = "s3cret" };

        var message = await RefusalAsync(connectionString: wrong.ConnectionString);

        Assert.Contains("'nowhere' on 127.0.0.1:", message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", message, StringComparison.Ordinal);
        await using var store = _place.Open(wrong.ConnectionString);
        Assert.DoesNotContain("s3cret", store.Description, StringComparison.Ordinal);
        Assert.Contains("nowhere", store.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_cannot_log_in_is_refused()
    {
        var wrong = new NpgsqlConnectionStringBuilder(_connectionString) { Username = "nobody" };

        Assert.Contains("refuses the login", await RefusalAsync(connectionString: wrong.ConnectionString), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_in_another_encoding_is_refused()
    {
        var name = "latin_" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        await _place.ExecuteAsync($"CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
        try
        {
            var message = await RefusalAsync(connectionString: new NpgsqlConnectionStringBuilder(_connectionString) { Database = name, Pooling = false }.ConnectionString);

            Assert.Contains("LATIN1", message, StringComparison.Ordinal);
            Assert.Contains("UTF8", message, StringComparison.Ordinal);
        }
        finally
        {
            await _place.ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
        }
    }

    [Fact]
    public async Task A_server_that_is_away_is_no_refusal_but_a_reason_to_wait()
    {
        await using var store = _place.Open("Host=127.0.0.1;Port=1;Username=x;Password=s3cret;Timeout=5");

        var error = await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await store.StartAsync([Billing], Cancellation));

        Assert.True(store.IsUnavailable(error), error.ToString());
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partitioned_inbox_is_asked_for_in_vain_where_the_inbox_is_one_table()
    {
        await using (var store = _place.Open())
            await store.StartAsync([Billing], Cancellation);

        Assert.Contains("PartitionedInbox", await RefusalAsync(options => options.PartitionedInbox = true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partitioned_inbox_has_its_entries_in_all_partitions()
    {
        await using var store = _place.Open(options => options.PartitionedInbox = true);
        await store.StartAsync([Billing], Cancellation);

        await store.CommitAsync(work => work.AddToInboxAsync([.. Enumerable.Range(0, 1000).Select(i => Entry("order-" + i))], Cancellation), Cancellation);

        Assert.Equal(16L, await _place.ExecuteAsync("SELECT count(DISTINCT tableoid) FROM {0}.inbox"));
    }

    [Theory]
    [InlineData("", 4, "Host=x", "Schema is ''")]
    [InlineData("pg_x", 4, "Host=x", "pg_x")]
    [InlineData("public", 4, "Host=x", "public")]
    [InlineData("ääääääääääääääääääääääääääääääää", 4, "Host=x", "63 bytes")]
    [InlineData("s", 0, "Host=x", "Parallelism is 0")]
    [InlineData("s", 65, "Host=x", "Parallelism is 65")]
    [InlineData("s", 4, "", "names no Host")]
    [InlineData("s", 4, "Host=x;Passwort=s3cret", "no connection string")]
    [InlineData("s", 4, "Host=x;Multiplexing=true", "Multiplexing")]
    [InlineData("s", 9, "Host=x;Maximum Pool Size=10", "at least 11")]
    public void Options_that_cannot_work_are_named(string schema, int parallelism, string connectionString, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => _place.Open(connectionString, options =>
        {
            options.Schema = schema;
            options.Parallelism = parallelism;
        }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(Action<PostgreSqlStoreOptions>? configure = null, string? connectionString = null)
    {
        await using var store = _place.Open(connectionString ?? _connectionString, configure);
        return (await Assert.ThrowsAsync<StoreException>(async () => await store.StartAsync([Billing], Cancellation))).Message;
    }
}
