using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Reliability.Tests;

/// <summary>The store's tables as one of the application's migrations.</summary>
public sealed class MigrationTests
{
    [Fact]
    public async Task A_migration_makes_the_tables_that_a_store_which_may_not_make_them_needs()
    {
        await using var shop = await TestShop.CreateAsync();
        shop.Store = store => (store.Schema, store.ApplySchema) = ("messages", false);
        await using (var db = new MigratedDb(new DbContextOptionsBuilder<MigratedDb>().UseNpgsql(shop.Database.ConnectionString).Options))
        {
            await db.Database.MigrateAsync(TestContext.Current.CancellationToken);
            Assert.Equal(["20260101000000_Messages"], await db.Database.GetAppliedMigrationsAsync(TestContext.Current.CancellationToken));
        }

        await shop.StartAsync();
        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);

        Assert.Equal(1, await shop.InvoicesAsync());
        Assert.Equal(1, await shop.Database.ReadAsync<long>("SELECT count(*) FROM messages.schema_version"));
    }

    [Fact]
    public void A_version_that_the_store_does_not_know_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new MigrationBuilder("Npgsql").CreateReliabilityTables(store => store.UsePostgreSql("Host=localhost"), fromVersion: 1000));
}

public sealed class MigratedDb(DbContextOptions<MigratedDb> options) : DbContext(options);

[DbContext(typeof(MigratedDb))]
[Migration("20260101000000_Messages")]
internal sealed class Messages : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.CreateReliabilityTables(store => store.UsePostgreSql("Host=localhost", options => options.Schema = "messages"));
}
