using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests;

/// <summary>Handlers with a context: what they change commits with the record that the message was handled, or not at all.</summary>
public sealed class HandlerTests
{
    [Theory]
    [InlineData(Registration.Scoped)]
    [InlineData(Registration.Pooled)]
    [InlineData(Registration.Factory)]
    public async Task What_a_handler_changed_and_did_not_save_commits_with_its_messages(Registration registration)
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Registration = registration);

        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);

        Assert.Equal(1, await shop.InvoicesAsync());
        await shop.SettledAsync();
    }

    [Theory]
    [InlineData(Registration.Scoped)]
    [InlineData(Registration.Pooled)]
    [InlineData(Registration.Factory)]
    public async Task A_failed_attempt_leaves_nothing_behind_not_even_in_the_context_of_the_next(Registration registration)
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Registration = registration);
        var tracked = new List<int>();
        shop.Script.Handle = async (order, db, run) =>
        {
            tracked.Add(db.ChangeTracker.Entries().Count());
            db.Invoices.Add(new Invoice { Order = $"{order.Number} saved in try {run.Attempt}" });
            await db.SaveChangesAsync(run.CancellationToken);
            db.Invoices.Add(new Invoice { Order = $"{order.Number} unsaved in try {run.Attempt}" });
            if (run.Attempt == 1)
            {
                throw new InvalidOperationException("The first try fails.");
            }
        };

        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);

        Assert.All(tracked, count => Assert.Equal(0, count));
        Assert.Equal(2, await shop.InvoicesAsync());
        Assert.Equal(0, await shop.Database.ReadAsync<long>("""SELECT count(*) FROM "Invoices" WHERE "Order" LIKE '%try 1' """));
    }

    [Fact]
    public async Task Messages_of_one_group_have_each_a_context_of_their_own_on_one_transaction()
    {
        await using var shop = await TestShop.StartedAsync();
        var contexts = new HashSet<string>();
        var transactions = new HashSet<string>();
        shop.Script.Handle = async (order, db, run) =>
        {
            Assert.True(contexts.Add(db.ContextId.ToString()));
            transactions.Add(await db.Database.SqlQueryRaw<string>("SELECT txid_current()::text AS \"Value\"").SingleAsync(run.CancellationToken));
            db.Invoices.Add(new Invoice { Order = order.Number });
        };

        await shop.PlaceAsync(Enumerable.Range(0, 50).Select(number => $"order {number}"));
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 50);

        Assert.Equal(50, contexts.Count);
        Assert.True(transactions.Count < 50, $"50 messages took {transactions.Count} transactions.");
        Assert.Equal(50, await shop.InvoicesAsync());
    }

    [Fact]
    public async Task Of_a_group_in_which_one_fails_the_others_have_their_effect_once()
    {
        await using var shop = await TestShop.StartedAsync();
        shop.Script.Handle = (order, db, _) =>
        {
            db.Invoices.Add(new Invoice { Order = order.Number });
            return order.Number == "order 7" ? throw new InvalidOperationException("This one always fails.") : Task.CompletedTask;
        };

        await shop.PlaceAsync(Enumerable.Range(0, 20).Select(number => $"order {number}"));
        var letters = await shop.DeadLettersAsync(1);
        await shop.SettledAsync();

        Assert.Contains("This one always fails.", Assert.Single(letters).Error, StringComparison.Ordinal);
        Assert.Equal(19, await shop.InvoicesAsync());
        Assert.Equal(19, await shop.Database.ReadAsync<long>("""SELECT count(DISTINCT "Order") FROM "Invoices" """));
    }

    [Fact]
    public async Task A_duplicate_changes_nothing()
    {
        await using var shop = await TestShop.StartedAsync();

        await shop.PlaceAsync("a", "a", "b");
        await shop.PlaceAsync("a");
        await shop.PlaceAsync("c");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 3);
        await shop.SettledAsync();

        Assert.Equal(3, await shop.InvoicesAsync());
    }

    [Fact]
    public async Task A_lost_update_is_tried_again_on_what_the_other_wrote()
    {
        await using var shop = await TestShop.StartedAsync();
        await shop.Database.ExecuteAsync("""INSERT INTO "Orders" VALUES ('a', 1)""");
        var attempts = new List<int>();
        shop.Script.Handle = async (_, db, run) =>
        {
            attempts.Add(run.Attempt);
            var order = await db.Orders.SingleAsync(run.CancellationToken);
            if (run.Attempt == 1)
            {
                await shop.Database.ExecuteAsync("""UPDATE "Orders" SET "Amount" = 10""");
            }

            order.Amount += 5;
        };

        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);

        Assert.Equal([1, 2], attempts);
        Assert.Equal(15, await shop.Database.ReadAsync<int>("""SELECT "Amount" FROM "Orders" """));
    }

    [Fact]
    public async Task A_handler_may_save_several_times_and_no_savepoint_is_made()
    {
        await using var shop = await TestShop.StartedAsync();
        shop.Script.Handle = async (order, db, run) =>
        {
            for (var i = 0; i < 3; i++)
            {
                db.Invoices.Add(new Invoice { Order = order.Number });
                await db.SaveChangesAsync(run.CancellationToken);
            }
        };

        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);

        Assert.Equal(3, await shop.InvoicesAsync());
        Assert.Empty(shop.Commands.Savepoints);
    }

    [Fact]
    public async Task A_retrying_execution_strategy_leaves_the_repeating_to_the_runtime()
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Npgsql = npgsql => npgsql.EnableRetryOnFailure());
        var runs = new List<(int Attempt, int InStrategy)>();
        shop.Script.Handle = async (order, db, run) =>
        {
            var tries = 0;
            await db.Database.CreateExecutionStrategy().ExecuteAsync(
                async token =>
                {
                    runs.Add((run.Attempt, ++tries));
                    db.Invoices.Add(new Invoice { Order = order.Number });
                    await db.SaveChangesAsync(token);
                    if (run.Attempt == 1)
                    {
                        throw new TimeoutException("An error that the strategy takes for passing.");
                    }
                },
                run.CancellationToken);
        };

        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);

        Assert.Equal([(1, 1), (2, 1)], runs);
        Assert.Equal(1, await shop.InvoicesAsync());
    }

    [Fact]
    public async Task Where_it_does_not_handle_a_retrying_strategy_goes_on_retrying()
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Npgsql = npgsql => npgsql.EnableRetryOnFailure());
        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);

        await shop.InScopeAsync(db =>
        {
            Assert.True(db.Database.CreateExecutionStrategy().RetriesOnFailure);
            return Task.CompletedTask;
        });
    }

    [Theory]
    [InlineData(Registration.Pooled)]
    [InlineData(Registration.Factory)]
    public async Task A_pooled_context_goes_back_as_it_came(Registration registration)
    {
        await using var shop = await TestShop.StartedAsync(shop => shop.Registration = registration);
        (string?, int, bool, bool) before = default, after = default;
        ShopDb? inRequest = null, inHandler = null;
        shop.Script.Handle = (_, db, _) =>
        {
            inHandler = db;
            return Task.CompletedTask;
        };

        await shop.InScopeAsync(db => Task.FromResult((inRequest = db, before = ConnectedAs(db))));
        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);
        await Eventually.GetAsync(
            async () =>
            {
                await shop.InScopeAsync(async db =>
                {
                    after = ConnectedAs(db);
                    db.Orders.Add(new Order { Number = Guid.NewGuid().ToString() });
                    await db.SaveChangesAsync(TestContext.Current.CancellationToken);
                    Assert.Equal(System.Data.ConnectionState.Closed, db.Database.GetDbConnection().State);
                });
                return await shop.OrdersAsync();
            },
            orders => orders >= 3);

        Assert.Same(inRequest, inHandler);
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData("commits")]
    [InlineData("rolls back")]
    [InlineData("begins")]
    public async Task A_handler_that_commits_rolls_back_or_begins_a_transaction_itself_fails_and_nothing_is_kept(string what)
    {
        await using var shop = await TestShop.StartedAsync();
        shop.Script.Handle = async (order, db, run) =>
        {
            db.Invoices.Add(new Invoice { Order = order.Number });
            switch (what)
            {
                case "commits":
                    await db.Database.CommitTransactionAsync(run.CancellationToken);
                    break;
                case "rolls back":
                    await db.Database.RollbackTransactionAsync(run.CancellationToken);
                    break;
                default:
                    await db.Database.BeginTransactionAsync(run.CancellationToken);
                    break;
            }
        };

        await shop.PlaceAsync("a");
        var letter = Assert.Single(await shop.DeadLettersAsync(1));

        Assert.Contains(what == "begins" ? "already in a transaction" : $"{what} the transaction of its ShopDb itself", letter.Error, StringComparison.Ordinal);
        Assert.Equal(0, await shop.InvoicesAsync());
        Assert.Empty(shop.Script.Issued);
    }

    [Fact]
    public async Task A_TransactionScope_in_a_handler_is_refused_and_nothing_is_kept()
    {
        await using var shop = await TestShop.StartedAsync();
        shop.Script.Handle = async (order, db, run) =>
        {
            using var scope = new TransactionScope(TransactionScopeAsyncFlowOption.Enabled);
            db.Invoices.Add(new Invoice { Order = order.Number });
            await db.SaveChangesAsync(run.CancellationToken);
            scope.Complete();
        };

        await shop.PlaceAsync("a");
        var letter = Assert.Single(await shop.DeadLettersAsync(1));

        Assert.Contains("within a TransactionScope", letter.Error, StringComparison.Ordinal);
        Assert.Equal(0, await shop.InvoicesAsync());
    }

    [Fact]
    public async Task A_context_on_another_database_is_refused_and_nothing_is_written_there()
    {
        await using var other = await TestDatabase.CreateAsync();
        await other.ExecuteAsync("""CREATE TABLE "Invoices" ("Id" integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "Order" text NOT NULL)""");
        await using var shop = await TestShop.StartedAsync(shop => shop.ContextConnectionString = other.ConnectionString);

        await shop.PlaceAsync("a");
        var letter = Assert.Single(await shop.DeadLettersAsync(1));

        Assert.Contains("is configured for the database", letter.Error, StringComparison.Ordinal);
        Assert.Equal(0, await shop.InvoicesAsync());
        Assert.Equal(0, await other.ReadAsync<long>("""SELECT count(*) FROM "Invoices" """));
    }

    [Fact]
    public async Task A_context_that_the_handler_disposed_of_fails_the_attempt_and_nothing_is_kept()
    {
        await using var shop = await TestShop.StartedAsync();
        shop.Script.Handle = async (order, db, run) =>
        {
            db.Invoices.Add(new Invoice { Order = order.Number });
            await db.SaveChangesAsync(run.CancellationToken);
            await db.DisposeAsync();
        };

        await shop.PlaceAsync("a");
        var letter = Assert.Single(await shop.DeadLettersAsync(1));

        Assert.Contains("disposed", letter.Error, StringComparison.Ordinal);
        Assert.Equal(0, await shop.InvoicesAsync());
    }

    [Fact]
    public async Task What_a_handler_publishes_on_its_context_leaves_with_its_other_messages_or_not_at_all()
    {
        await using var shop = await TestShop.StartedAsync();
        shop.Script.Handle = async (order, db, run) =>
        {
            db.Publish(new OrderCounted(order.Number));
            await db.PublishAsync(new OrderCounted(order.Number), cancellationToken: run.CancellationToken);
            await db.SaveChangesAsync(run.CancellationToken);
            if (run.Attempt == 1)
            {
                throw new InvalidOperationException("The first try fails.");
            }
        };

        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);
        await shop.SettledAsync();

        Assert.Equal(["a", "a"], shop.Script.Counted);
    }

    [Fact]
    public async Task Services_that_take_the_context_share_the_handlers()
    {
        await using var shop = await TestShop.StartedAsync();
        shop.Script.Handle = (order, db, run) =>
        {
            Assert.Same(db, run.Services.GetRequiredService<ShopDb>());
            run.Services.GetRequiredService<ShopDb>().Invoices.Add(new Invoice { Order = order.Number });
            return Task.CompletedTask;
        };

        await shop.PlaceAsync("a");
        await Eventually.GetAsync(() => Task.FromResult(shop.Script.Issued), issued => issued.Count == 1);

        Assert.Equal(1, await shop.InvoicesAsync());
    }

    private static (string? ConnectionString, int Tracked, bool Savepoints, bool InTransaction) ConnectedAs(ShopDb db) =>
        (db.Database.GetConnectionString(), db.ChangeTracker.Entries().Count(), db.Database.AutoSavepointsEnabled, db.Database.CurrentTransaction is not null);
}
