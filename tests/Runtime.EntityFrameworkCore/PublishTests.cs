using System.Transactions;
using Microsoft.EntityFrameworkCore;

namespace Reliability.Tests;

/// <summary>Messages published on a context outside of handlers leave if, and only if, its changes are kept.</summary>
public sealed class PublishTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_leaves_with_the_changes_that_one_save_writes(bool retrying)
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Npgsql = npgsql => Retrying(npgsql, retrying));

        await shop.InScopeAsync(async db =>
        {
            var automatic = db.Database.AutoTransactionBehavior;
            db.Orders.Add(new Order { Number = "a" });
            db.Publish(new OrderCounted("a"));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            Assert.Equal(automatic, db.Database.AutoTransactionBehavior);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        await shop.CountedAsync(1);
        Assert.Equal(1, await shop.OrdersAsync());
        Assert.Equal(["a"], shop.Script.Counted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_without_changes_leaves_with_the_save(bool retrying)
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Npgsql = npgsql => Retrying(npgsql, retrying));

        await shop.InScopeAsync(async db =>
        {
            await db.PublishAsync(new OrderCounted("a"), cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(0, await db.SaveChangesAsync(TestContext.Current.CancellationToken));
        });

        await shop.CountedAsync(1);
        Assert.Equal(["a"], shop.Script.Counted);
    }

    [Fact]
    public async Task A_save_that_fails_sends_nothing_and_the_next_that_succeeds_sends_once()
    {
        await using var shop = await TestShop.StartedAsync();
        await shop.Database.ExecuteAsync("""INSERT INTO "Orders" VALUES ('a', 1)""");

        await shop.InScopeAsync(async db =>
        {
            var order = db.Orders.Add(new Order { Number = "a" });
            db.Publish(new OrderCounted("a"));
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));
            Assert.Equal(0, await shop.OutboxAsync());

            order.State = EntityState.Detached;
            db.Orders.Add(new Order { Number = "b" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        await shop.CountedAsync(1);
        Assert.Equal(["a"], shop.Script.Counted);
    }

    [Fact]
    public async Task What_a_retrying_strategy_writes_again_is_sent_once()
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Npgsql = npgsql => Retrying(npgsql, true));
        var tries = 0;
        shop.Commands.Before = text =>
        {
            if (text.Contains("INSERT INTO \"Orders\"", StringComparison.Ordinal) && ++tries == 1)
            {
                throw new TimeoutException("An error that the strategy takes for passing.");
            }
        };

        await shop.InScopeAsync(async db =>
        {
            db.Orders.Add(new Order { Number = "a" });
            db.Publish(new OrderCounted("a"));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        await shop.CountedAsync(1);
        Assert.Equal(2, tries);
        Assert.Equal(1, await shop.OrdersAsync());
        Assert.Equal(["a"], shop.Script.Counted);
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("by a save")]
    [InlineData("by the commit")]
    public async Task In_an_explicit_transaction_a_message_leaves_if_it_commits(string written)
    {
        await using var shop = await TestShop.StartedAsync();
        foreach (var commits in new[] { false, true })
        {
            await shop.InScopeAsync(async db =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
                db.Orders.Add(new Order { Number = $"{commits}" });
                if (written == "at once")
                {
                    await db.PublishAsync(new OrderCounted($"{commits}"), cancellationToken: TestContext.Current.CancellationToken);
                }
                else if (written == "by a save")
                {
                    db.Publish(new OrderCounted($"{commits}"));
                }

                await db.SaveChangesAsync(TestContext.Current.CancellationToken);
                if (written == "by the commit")
                {
                    db.Publish(new OrderCounted($"{commits}"));
                }

                if (commits)
                {
                    await transaction.CommitAsync(TestContext.Current.CancellationToken);
                }
            });
        }

        await shop.CountedAsync(1);
        Assert.Equal(["True"], shop.Script.Counted);
        Assert.Equal(1, await shop.OrdersAsync());
    }

    [Fact]
    public async Task What_was_published_in_a_transaction_that_ended_without_a_commit_does_not_leave_with_the_next()
    {
        await using var shop = await TestShop.StartedAsync();

        await shop.InScopeAsync(async db =>
        {
            await using (await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
            {
                db.Publish(new OrderCounted("given up"));
            }

            await using var transaction = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            db.Publish(new OrderCounted("kept"));
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            db.Publish(new OrderCounted("kept too"));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        await shop.CountedAsync(2);
        Assert.Equal(["kept", "kept too"], shop.Script.Counted.Order());
    }

    [Fact]
    public async Task A_save_that_fails_in_an_explicit_transaction_leaves_no_message_in_it()
    {
        await using var shop = await TestShop.StartedAsync();
        await shop.Database.ExecuteAsync("""INSERT INTO "Orders" VALUES ('a', 1)""");

        await shop.InScopeAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            db.Orders.Add(new Order { Number = "a" });
            db.Publish(new OrderCounted("a"));
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));
            db.ChangeTracker.Clear();
            db.DiscardPublished();
            await db.PublishAsync(new OrderCounted("instead"), cancellationToken: TestContext.Current.CancellationToken);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        });

        await shop.CountedAsync(1);
        Assert.Equal(["instead"], shop.Script.Counted);
    }

    [Theory]
    [InlineData(Registration.Pooled)]
    [InlineData(Registration.Factory)]
    public async Task What_one_user_of_a_pooled_context_did_not_save_is_not_sent_by_the_next(Registration registration)
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Registration = registration);
        var contexts = new HashSet<ShopDb>();

        await shop.InScopeAsync(db =>
        {
            contexts.Add(db);
            db.Publish(new OrderCounted("not saved"));
            return Task.CompletedTask;
        });
        await shop.InScopeAsync(async db =>
        {
            contexts.Add(db);
            db.Publish(new OrderCounted("saved"));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        await shop.CountedAsync(1);
        Assert.Single(contexts);
        Assert.Equal(["saved"], shop.Script.Counted);
    }

    [Fact]
    public async Task A_synchronous_save_or_commit_of_messages_is_refused_and_saves_nothing()
    {
        await using var shop = await TestShop.StartedAsync();

        await shop.InScopeAsync(async db =>
        {
            db.Orders.Add(new Order { Number = "a" });
            db.Publish(new OrderCounted("a"));
            var refused = Assert.Throws<InvalidOperationException>(() => db.SaveChanges());
            Assert.Contains("call SaveChangesAsync", refused.Message, StringComparison.Ordinal);

            db.DiscardPublished();
            await using var transaction = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            db.Publish(new OrderCounted("a"));
            Assert.Contains("call CommitAsync", Assert.Throws<InvalidOperationException>(transaction.Commit).Message, StringComparison.Ordinal);
        });

        Assert.Equal(0, await shop.OrdersAsync());
        Assert.Equal(0, await shop.OutboxAsync());
    }

    [Fact]
    public async Task Without_messages_a_synchronous_save_is_as_ever()
    {
        await using var shop = await TestShop.StartedAsync();

        await shop.InScopeAsync(db =>
        {
            db.Orders.Add(new Order { Number = "a" });
            Assert.Equal(1, db.SaveChanges());
            return Task.CompletedTask;
        });

        Assert.Equal(1, await shop.OrdersAsync());
    }

    [Fact]
    public async Task In_a_TransactionScope_messages_are_refused_and_nothing_is_saved()
    {
        await using var shop = await TestShop.StartedAsync();

        await shop.InScopeAsync(async db =>
        {
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            db.Orders.Add(new Order { Number = "a" });
            db.Publish(new OrderCounted("a"));
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));
            Assert.Contains("TransactionScope", refused.Message, StringComparison.Ordinal);
            scope.Complete();
        });

        Assert.Equal(0, await shop.OrdersAsync());
        Assert.Equal(0, await shop.OutboxAsync());
    }

    [Fact]
    public async Task On_another_database_than_the_stores_neither_the_changes_nor_the_message_are_kept()
    {
        await using var other = await TestDatabase.CreateAsync();
        await other.ExecuteAsync("""CREATE TABLE "Orders" ("Number" text PRIMARY KEY, "Amount" integer NOT NULL)""");
        await using var shop = await TestShop.StartedAsync(shop => shop.ContextConnectionString = other.ConnectionString);

        await shop.InScopeAsync(async db =>
        {
            db.Orders.Add(new Order { Number = "a" });
            db.Publish(new OrderCounted("a"));
            await Assert.ThrowsAnyAsync<Exception>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));
        });

        Assert.Equal(0, await other.ReadAsync<long>("""SELECT count(*) FROM "Orders" """));
        Assert.Equal(0, await shop.OutboxAsync());
    }

    [Fact]
    public async Task An_unknown_message_is_refused_where_it_is_published()
    {
        await using var shop = await TestShop.StartedAsync();

        await shop.InScopeAsync(db =>
        {
            Assert.Contains("no known message type", Assert.Throws<InvalidOperationException>(() => db.Publish("text")).Message, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_context_that_knows_no_application_says_how_to_register_it()
    {
        using var db = new ShopDb(new DbContextOptionsBuilder<ShopDb>().UseNpgsql("Host=localhost").UseReliability().Options);

        Assert.Contains("AddDbContext", Assert.Throws<InvalidOperationException>(() => db.Publish(new OrderCounted("a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_that_would_not_write_messages_says_how_to_configure_it()
    {
        using var db = new ShopDb(new DbContextOptionsBuilder<ShopDb>().UseNpgsql("Host=localhost").Options);

        Assert.Contains("call UseReliability()", Assert.Throws<InvalidOperationException>(() => db.Publish(new OrderCounted("a"))).Message, StringComparison.Ordinal);
    }

    private static void Retrying(Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.NpgsqlDbContextOptionsBuilder npgsql, bool retrying)
    {
        if (retrying)
        {
            npgsql.EnableRetryOnFailure(2, TimeSpan.FromMilliseconds(10), []);
        }
    }
}
