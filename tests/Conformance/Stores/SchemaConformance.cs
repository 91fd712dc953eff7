namespace Reliability.Conformance;

/// <summary>Tables from nothing, by the store or by the script that it prints.</summary>
public abstract class SchemaConformance(IStorePlace place) : IAsyncLifetime
{
    private const string Billing = "Billing.Issue";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Where_there_are_no_tables_the_version_is_zero_and_looking_makes_none()
    {
        await using var store = await OpenAsync();

        Assert.Equal(0, await store.Schema.ReadVersionAsync(Cancellation));
        Assert.Equal(0, await store.Schema.ReadVersionAsync(Cancellation));
        Assert.True(store.Schema.KnownVersion > 0);
    }

    [Fact]
    public async Task Where_there_are_no_tables_a_visitor_is_told_so_and_makes_none()
    {
        await using var store = await OpenAsync();

        await Assert.ThrowsAsync<StoreException>(async () => await store.AttachAsync(Cancellation));

        Assert.Equal(0, await store.Schema.ReadVersionAsync(Cancellation));
    }

    [Fact]
    public async Task Applying_makes_the_tables_once_and_tells_the_version_before()
    {
        await using var store = await OpenAsync();

        Assert.Equal(0, await store.Schema.ApplyAsync(Cancellation));
        Assert.Equal(store.Schema.KnownVersion, await store.Schema.ReadVersionAsync(Cancellation));
        Assert.Equal(store.Schema.KnownVersion, await store.Schema.ApplyAsync(Cancellation));

        await store.AttachAsync(Cancellation);
        Assert.Equal(0, await store.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Several_may_apply_at_once()
    {
        var before = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var store = await OpenAsync();
            return await store.Schema.ApplyAsync(Cancellation);
        }, Cancellation)));

        Assert.Single(before, version => version == 0);
        await using var started = await StartAsync();
        Assert.Equal(0, await started.CountOutboxAsync(Cancellation));
    }

    [Fact]
    public async Task Applying_to_tables_that_are_in_use_changes_nothing_in_them()
    {
        await using var service = await StartAsync();
        await service.CommitAsync(work => work.AddToInboxAsync([new InboxEntry(Billing, InboxKey.Of("a"), 1)], Cancellation), Cancellation);
        await using var store = await OpenAsync();

        Assert.Equal(store.Schema.KnownVersion, await store.Schema.ApplyAsync(Cancellation));

        Assert.Contains(new InboxCount(Billing, 1, 0), await service.Inbox.CountAsync(Cancellation));
    }

    [Fact]
    public async Task The_script_makes_the_tables_by_hand()
    {
        await using var store = await OpenAsync();
        await using (var connection = await place.ConnectAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = store.Schema.Script();
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        Assert.Equal(store.Schema.KnownVersion, await store.Schema.ReadVersionAsync(Cancellation));
        Assert.Equal(store.Schema.KnownVersion, await store.Schema.ApplyAsync(Cancellation));
        await using var started = await StartAsync();
        Assert.Equal([InboxVerdict.New], await started.CommitAsync(work => work.AddToInboxAsync([new InboxEntry(Billing, InboxKey.Of("a"), 1)], Cancellation), Cancellation));
    }

    [Fact]
    public async Task Of_versions_that_never_were_there_is_no_script()
    {
        await using var store = await OpenAsync();

        Assert.Throws<ArgumentOutOfRangeException>(() => store.Schema.Script(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Schema.Script(store.Schema.KnownVersion + 1));
        Assert.DoesNotContain("CREATE TABLE", store.Schema.Script(store.Schema.KnownVersion), StringComparison.OrdinalIgnoreCase);
    }

    private ValueTask<IMessageStore> OpenAsync() => place.OpenAsync(new AdjustableTime());

    private async Task<IMessageStore> StartAsync()
    {
        var store = await OpenAsync();
        await store.StartAsync([Billing], Cancellation);
        return store;
    }
}
