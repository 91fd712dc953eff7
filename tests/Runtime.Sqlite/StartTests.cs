using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Reliability.Tests;

/// <summary>A file that cannot be used is said to be so, by name and with what to do, and is left as it is.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private readonly SqlitePlace _place = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Newer_tables_are_refused_and_left_as_they_are()
    {
        await (await StartAsync()).DisposeAsync();
        Execute("UPDATE reliability_schema SET version = 99");

        var error = await Assert.ThrowsAsync<StoreException>(() => StartAsync());

        Assert.Contains("version 99", error.Message, StringComparison.Ordinal);
        Assert.Contains("update the package", error.Message, StringComparison.Ordinal);
        Assert.Contains(_place.File, error.Message, StringComparison.Ordinal);
        Assert.Equal(99L, Scalar("SELECT version FROM reliability_schema"));
    }

    [Fact]
    public async Task A_start_that_failed_can_be_repeated_by_the_same_store()
    {
        await (await StartAsync()).DisposeAsync();
        Execute("UPDATE reliability_schema SET version = 99");
        await using var store = _place.Open(configure: options => options.InstanceWait = TimeSpan.Zero);
        await Assert.ThrowsAsync<StoreException>(async () => await store.StartAsync([], Cancellation));
        Execute($"UPDATE reliability_schema SET version = {store.Schema.KnownVersion}");

        await store.StartAsync(["Billing.Issue"], Cancellation);

        Assert.Equal(0, await store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Tables_of_version_1_get_what_they_lack_and_keep_what_they_have()
    {
        await using (var store = await StartAsync())
            await store.CommitAsync(work => work.AddToInboxAsync([new InboxEntry("Billing.Issue", InboxKey.Of("a"), 1)], Cancellation), Cancellation);

        Execute("DROP TABLE reliability_position");
        Execute("UPDATE reliability_schema SET version = 1");

        await using var upgraded = await StartAsync();
        Assert.Empty(await upgraded.Positions.ReadAsync("Billing.Issue", "orders", Cancellation));
        Assert.Contains(new InboxCount("Billing.Issue", 1, 0), await upgraded.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var text = string.Concat(Enumerable.Repeat("Dear diary, today I was no database. ", 200));
        await File.WriteAllTextAsync(_place.File, text, Cancellation);

        var error = await Assert.ThrowsAsync<StoreException>(() => StartAsync());

        Assert.Contains($"'{_place.File}' is not a SQLite database", error.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(_place.File, Cancellation));
    }

    [Fact]
    public async Task A_damaged_database_is_refused()
    {
        await (await StartAsync()).DisposeAsync();
        await using (var file = File.OpenWrite(_place.File))
        {
            file.Position = 100;
            await file.WriteAsync(Enumerable.Repeat((byte)0xEE, 8000).ToArray(), Cancellation);
        }

        var error = await Assert.ThrowsAsync<StoreException>(() => StartAsync());

        Assert.Contains($"'{_place.File}' is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_folder_is_named_and_not_created()
    {
        var folder = Path.Combine(_place.Folder, "missing");

        var error = await Assert.ThrowsAsync<StoreException>(() => StartAsync(Path.Combine(folder, "store.db")));

        Assert.Contains($"The folder '{folder}'", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_folder_in_the_files_place_is_refused()
    {
        Directory.CreateDirectory(_place.File);

        var error = await Assert.ThrowsAsync<StoreException>(() => StartAsync());

        Assert.Contains($"cannot open '{_place.File}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_is_refused()
    {
        await (await StartAsync()).DisposeAsync();
        OrdinaryUser.Allow(UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead, _place.File);
        OrdinaryUser.Allow((UnixFileMode)0b111_111_111, _place.Folder);
        OrdinaryUser.Allow((UnixFileMode)0b110_110_110, _place.File + ".lock");

        Assert.Contains($"'{_place.File}' may not be written", await OrdinaryUser.RunAsync("start", _place.File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_refused()
    {
        OrdinaryUser.Allow((UnixFileMode)0b101_101_101, _place.Folder);

        var line = await OrdinaryUser.RunAsync("start", _place.File);

        OrdinaryUser.Allow((UnixFileMode)0b111_111_111, _place.Folder);
        Assert.Contains($"needs to write in the folder '{_place.Folder}' and may not", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_native_library_the_package_to_add_is_named()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_place.Folder, "without-bundle")).FullName;
        // Without its .deps.json the host takes what lies in the folder.
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            var name = Path.GetFileName(file);
            if (name is "Reliability.Sqlite.Worker.runtimeconfig.json" or "SQLitePCLRaw.core.dll"
                || (name.EndsWith(".dll", StringComparison.Ordinal) && !name.StartsWith("SQLitePCLRaw", StringComparison.Ordinal)))
            {
                File.Copy(file, Path.Combine(folder, name));
            }
        }

        var (worker, line) = await WorkerProcess.StartAsync("start", _place.File, folder);
        await using var _ = worker;

        Assert.StartsWith("StoreException: The native SQLite library is missing. Add the package SQLitePCLRaw.bundle_e_sqlite3", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no file is named")]
    [InlineData(":memory:", "in-memory")]
    [InlineData("Data Source=x;Mode=Memory", "in-memory")]
    [InlineData("Data Source=x;Mode=ReadOnly", "Mode=ReadOnly")]
    [InlineData("file:store.db?mode=memory&cache=shared", "neither a path nor a connection string")]
    [InlineData("file:store.db", "plain path")]
    [InlineData("|DataDirectory|store.db", "|DataDirectory|")]
    [InlineData("Host=localhost;Password=s3cret", "neither a path nor a connection string")]
    public void A_place_that_cannot_keep_messages_is_refused_when_the_options_are_read(string connectionString, string reason)
    {
        var error = Assert.Throws<OptionsValidationException>(() => _place.Open(connectionString));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("SqliteStoreOptions.ConnectionString", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_option_is_named_with_its_value_and_what_is_allowed()
    {
        var error = Assert.Throws<OptionsValidationException>(() => _place.Open(configure: options =>
        {
            options.BusyTimeout = TimeSpan.Zero;
            options.InstanceWait = TimeSpan.FromSeconds(-1);
        }));

        Assert.Contains("BusyTimeout is 00:00:00; give a time from 1 second", error.Message, StringComparison.Ordinal);
        Assert.Contains("InstanceWait is -00:00:01; give a time from 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_checks_the_options_when_it_starts()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddReliability(reliability => reliability.UseSqlite(":memory:"));
        using var host = builder.Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Cancellation));
    }

    [Fact]
    public async Task A_connection_string_names_the_same_file_as_its_path()
    {
        await using var store = await StartAsync($"Data Source={_place.File};Cache=Shared;Pooling=True");

        Assert.Equal($"SQLite '{_place.File}'", store.Description);
    }

    [Fact]
    public async Task The_applications_own_tables_and_version_are_left_alone()
    {
        Execute("CREATE TABLE orders (id INTEGER PRIMARY KEY); INSERT INTO orders VALUES (7); PRAGMA user_version = 42");

        await (await StartAsync()).DisposeAsync();

        Assert.Equal(42L, Scalar("PRAGMA user_version"));
        Assert.Equal(7L, Scalar("SELECT id FROM orders"));
        Assert.Equal(0L, Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'reliability_%' AND name NOT LIKE 'sqlite_%' AND name <> 'orders'"));
    }

    [Fact]
    public async Task Commits_are_synced_and_readers_run_beside_the_writer()
    {
        await using var store = await StartAsync();
        await using var work = await store.BeginAsync(Cancellation);

        Assert.Equal(["wal", "2", "30000"],
            new[] { "journal_mode", "synchronous", "busy_timeout" }.Select(pragma => ScalarOn((SqliteConnection)work.Connection, "PRAGMA " + pragma)));
    }

    [Fact]
    public async Task A_store_that_was_not_started_says_so()
    {
        await using var store = _place.Open();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.BeginAsync(Cancellation));

        Assert.Contains("StartAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handlers_get_the_drivers_own_connection_and_transaction()
    {
        await using var store = await StartAsync();
        await using var work = await store.BeginAsync(Cancellation);

        var connection = Assert.IsType<SqliteConnection>(work.Connection);
        Assert.Same(connection, Assert.IsType<SqliteTransaction>(work.Transaction).Connection);
        Assert.Equal("3", ScalarOn(connection, "SELECT 1 + 2"));
    }

    private async Task<IMessageStore> StartAsync(string? connectionStringOrPath = null)
    {
        var store = _place.Open(connectionStringOrPath, configure: options => options.InstanceWait = TimeSpan.Zero);
        try
        {
            await store.StartAsync(["Billing.Issue"], Cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private void Execute(string sql) => OnFile(connection => ScalarOn(connection, sql));

    private object? Scalar(string sql) => OnFile(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    });

    private T OnFile<T>(Func<SqliteConnection, T> act)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _place.File, Pooling = false }.ConnectionString);
        connection.Open();
        return act(connection);
    }

    private static string? ScalarOn(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
