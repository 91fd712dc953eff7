using System.Collections.Concurrent;

namespace Reliability.Tests.Receiving;

/// <summary>Two applications on one PostgreSQL database, as two processes are: neither loses, doubles or disorders what the other has in hand.</summary>
public sealed class SharedDatabaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Two_applications_keep_the_order_of_each_key_of_a_local_queue(int everyNthFails)
    {
        await using var place = new PostgreSqlTestPlace();
        var failed = new ConcurrentDictionary<string, bool>();
        await using var first = await OrderSuite.Application(place, 4, everyNthFails, failed).StartAsync();
        await using var second = await OrderSuite.Application(place, 4, everyNthFails, failed).StartAsync();

        await OrderSuite.PublishAsync(second);

        await OrderSuite.AssertInOrderAsync(first);
        Assert.Single(new[] { first, second }, application => application.Logs.Lines.Any(line => line.Contains("The turn at the ordered local queue 'paid' is this process's", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_other_application_takes_over_an_ordered_queue_when_the_first_stops()
    {
        await using var place = new PostgreSqlTestPlace();
        var failed = new ConcurrentDictionary<string, bool>();
        await using var first = await OrderSuite.Application(place, 4, 5, failed).StartAsync();
        await using var second = await OrderSuite.Application(place, 4, 5, failed).StartAsync();
        await OrderSuite.PublishAsync(second);
        await first.EffectsAsync(30);

        await first.StopAsync();

        await OrderSuite.AssertInOrderAsync(second);
    }

    [Fact]
    public async Task Two_applications_share_a_queue_without_keys_and_handle_each_message_once()
    {
        await using var place = new PostgreSqlTestPlace();
        var handledBy = new ConcurrentDictionary<string, int>();
        await using var first = await Sharing(place, handledBy, "first").StartAsync();
        await using var second = await Sharing(place, handledBy, "second").StartAsync();

        foreach (var batch in Enumerable.Range(0, 1000).Chunk(50))
        {
            await (batch[0] % 100 == 0 ? first : second).PublishAsync(batch.Select(number => new Paid($"{number}", Amount: number)));
        }

        await first.EffectsAsync(1000);
        await first.SettledAsync();
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => $"{number}").Order(), (await first.EffectsAsync()).Order());
        Assert.Equal(["first", "second"], handledBy.Keys.Order());
    }

    [Fact]
    public async Task A_message_whose_connection_the_server_ends_runs_again_and_its_attempt_is_not_counted()
    {
        await using var place = new PostgreSqlTestPlace();
        var runs = 0;
        await using var application = await new TestApplication(place).Handle(async (paid, context) =>
        {
            context.Effect(paid.Order);
            if (Interlocked.Increment(ref runs) <= 2)
            {
                await using var command = context.Connection.CreateCommand();
                command.Transaction = context.Transaction;
                command.CommandText = "SELECT pg_terminate_backend(pg_backend_pid())";
                await command.ExecuteNonQueryAsync(context.CancellationToken);
            }
        }, handler => handler with { Attempts = 1 }).StartAsync();

        await application.PublishAsync(new Paid("1"));

        Assert.Equal(["1"], await application.EffectsAsync(1));
        await application.SettledAsync();
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task A_real_deadlock_between_two_lanes_is_retried_and_costs_no_attempt()
    {
        await using var place = new PostgreSqlTestPlace();
        var meeting = new Barrier(2);
        var first = new ConcurrentDictionary<string, bool>();
        await using var application = await new TestApplication(place).Handle(async (paid, context) =>
        {
            Assert.Equal(1, context.Message.Attempt);
            var (one, other) = paid.Order == "left" ? (1, 2) : (2, 1);
            await LockAsync(context, one);
            if (first.TryAdd(paid.Order, true))
            {
                await Task.Run(() => meeting.SignalAndWait(TimeSpan.FromSeconds(30), Cancellation), Cancellation);
            }

            await LockAsync(context, other);
            context.Effect(paid.Order);
        }, handler => handler with { Attempts = 1, Group = 1 }).StartAsync();
        await application.ExecuteAsync("CREATE TABLE locks(id int PRIMARY KEY, n int); INSERT INTO locks VALUES (1, 0), (2, 0)");

        await application.PublishAsync(new Paid("left"), new Paid("right"));

        Assert.Equal(["left", "right"], (await application.EffectsAsync(2)).Order());
        await application.SettledAsync();
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(Cancellation));
        Assert.Contains(application.Logs.Lines, line => line.Contains("40P01", StringComparison.Ordinal));
    }

    private static async Task LockAsync(HandlerContext context, int id)
    {
        await using var command = context.Connection.CreateCommand();
        command.Transaction = context.Transaction;
        command.CommandText = $"UPDATE locks SET n = n + 1 WHERE id = {id}";
        await command.ExecuteNonQueryAsync(context.CancellationToken);
    }

    private static TestApplication Sharing(TestPlace place, ConcurrentDictionary<string, int> handledBy, string name) => new TestApplication(place).Handle(async (paid, context) =>
    {
        handledBy.AddOrUpdate(name, 1, (_, count) => count + 1);
        context.Effect(paid.Order);
        await Task.Yield();
        if (paid.Amount % 50 == 7 && context.Message.Attempt == 1)
        {
            throw new InvalidOperationException("not yet");
        }
    });
}
