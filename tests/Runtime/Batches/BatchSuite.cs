using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;

namespace Reliability.Tests.Batches;

/// <summary>Handlers that only add commands: the group sends them together, and each message still succeeds or fails for itself.</summary>
public abstract class BatchSuite
{
    private readonly Func<TestPlace> _open;

    private protected BatchSuite(Func<TestPlace> open) => _open = open;

    [Fact]
    public async Task Many_handlers_share_a_transaction_and_what_they_add_is_there_once()
    {
        await using var place = _open();
        var groups = new ConcurrentDictionary<IUnitOfWork, int>();
        await using var application = await Adding(place, (paid, context) =>
        {
            groups.AddOrUpdate(context.Work, 1, (_, count) => count + 1);
            context.Batch.AddEffect(paid.Order);
            context.Batch.AddEffect($"{paid.Order} of {paid.Customer}, {paid.Amount}");
        }).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 300).Select(number => new Paid($"{number}", $"c{number % 7}", number)));
        await application.EffectsAsync(600);
        await application.SettledAsync();

        Assert.Equal(
            Enumerable.Range(0, 300).SelectMany(number => new[] { $"{number}", $"{number} of c{number % 7}, {number}" }).Order(StringComparer.Ordinal),
            (await application.EffectsAsync()).Order(StringComparer.Ordinal));
        Assert.InRange(groups.Values.Max(), 17, 100);
    }

    [Fact]
    public async Task A_command_that_fails_fails_its_own_message_only()
    {
        await using var place = _open();
        await using var application = await Adding(place, (paid, context) =>
        {
            context.Batch.AddEffect(paid.Order);
            if (paid.Amount == 57)
            {
                context.Batch.AddEffect(null);
            }
        }, handler => handler with { Attempts = 2 }).StartAsync();

        await application.PublishAsync(Hundred());

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        await application.SettledAsync();
        Assert.Equal(("Test.Paid", DeadLetterReason.AttemptsExhausted, 2, "57"), (letter.Handler, letter.Reason, letter.Attempts, letter.DedupeKey));
        Assert.Contains("Exception", letter.Error, StringComparison.Ordinal);
        Assert.NotNull(await application.LoggedAsync("Test.Paid", letter.Envelope.MessageId!, "text"));
        Assert.Equal(
            Enumerable.Range(0, 100).Where(number => number != 57).Select(number => $"{number}").Order(StringComparer.Ordinal),
            (await application.EffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_command_that_fails_once_is_sent_again_with_its_messages_next_attempt()
    {
        await using var place = _open();
        await using var application = await Adding(place, (paid, context) =>
        {
            context.Batch.AddEffect(paid.Amount % 10 == 3 && context.Message.Attempt == 1 ? null : paid.Order);
        }).StartAsync();

        await application.PublishAsync(Hundred());
        await application.EffectsAsync(100);
        await application.SettledAsync();

        Assert.Equal(Hundred().Select(paid => paid.Order).Order(StringComparer.Ordinal), (await application.EffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_error_of_a_command_decides_by_its_own_type_what_becomes_of_the_message()
    {
        await using var place = _open();
        await using var application = await Adding(
            place, (paid, context) => context.Batch.AddEffect(paid.Order == "bad" ? null : paid.Order), handler => handler with { DeadLetterOn = [typeof(DbException)] }).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("bad"), new Paid("2"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((DeadLetterReason.Rejected, 1), (letter.Reason, letter.Attempts));
        await application.SettledAsync();
        Assert.Equal(["1", "2"], (await application.EffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_sends_by_itself_sees_all_that_those_before_it_have_added()
    {
        await using var place = _open();
        var added = new ConcurrentDictionary<IUnitOfWork, int>();
        var mixed = 0;
        var seen = new ConcurrentBag<(long Expected, long Actual)>();
        await using var application = await Adding(place, (paid, context) =>
        {
            added.AddOrUpdate(context.Work, 1, (_, count) => count + 1);
            context.Batch.AddEffect($"{context.Work.GetHashCode()} {paid.Order}");
        }).With(reliability => reliability
            .AddMessage(new MessageType<Invoiced>("Invoiced", TestJson.Default.Invoiced, "paid", TransportNames.Local))
            .AddHandler(new HandlerDescriptor("Test.Invoiced", TransportNames.Local, "paid", new DelegateHandler<Invoiced>(TestJson.Default.Invoiced, (invoiced, context) =>
            {
                if (added.TryGetValue(context.Work, out var count))
                {
                    mixed++;
                    seen.Add((count, Count(context, context.Work.GetHashCode())));
                }

                context.Effect($"invoiced {invoiced.Order}");
                return ValueTask.CompletedTask;
            }, invoiced => invoiced.Order)))).StartAsync();

        await using (var work = await application.Sender().BeginAsync(TestContext.Current.CancellationToken))
        {
            for (var number = 0; number < 120; number++)
            {
                work.Outbox.Publish(new Paid($"{number}"));
                if (number % 3 == 2)
                {
                    work.Outbox.Publish(new Invoiced($"{number}"));
                }
            }

            await work.CommitAsync(TestContext.Current.CancellationToken);
        }

        await application.EffectsAsync(160);
        await application.SettledAsync();
        Assert.Equal(160, (await application.EffectsAsync()).Count);
        Assert.InRange(mixed, 10, 40);
        Assert.All(seen, one => Assert.Equal(one.Expected, one.Actual));
    }

    [Fact]
    public async Task A_duplicate_adds_nothing()
    {
        await using var place = _open();
        await using var application = await Adding(place, (paid, context) => context.Batch.AddEffect(paid.Order)).StartAsync();

        await application.PublishAsync(Hundred());
        await application.PublishAsync(Hundred());
        await application.EffectsAsync(100);
        await application.SettledAsync();

        Assert.Equal(100, (await application.EffectsAsync()).Count);
        Assert.Contains(new InboxCount("Test.Paid", 100, 100), await application.Store.Inbox.CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_a_handler_publishes_leaves_only_where_its_commands_are_kept()
    {
        await using var place = _open();
        await using var application = await Adding(place, (paid, context) =>
        {
            context.Batch.AddEffect(paid.Order == "bad" ? null : paid.Order);
            context.Outbox.Publish(new Invoiced(paid.Order));
        }, handler => handler with { Attempts = 1 }).With(reliability => reliability
            .AddMessage(new MessageType<Invoiced>("Invoiced", TestJson.Default.Invoiced, "invoiced", TransportNames.Local))
            .AddHandler(new HandlerDescriptor("Test.Invoiced", TransportNames.Local, "invoiced", new DelegateHandler<Invoiced>(TestJson.Default.Invoiced, (invoiced, context) =>
            {
                context.Batch.AddEffect($"invoiced {invoiced.Order}");
                return ValueTask.CompletedTask;
            }, takesBatch: true)))).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("bad"), new Paid("2"));
        Assert.Single(await application.DeadLettersAsync(1));
        await application.EffectsAsync(4);
        await application.SettledAsync();

        Assert.Equal(["1", "2", "invoiced 1", "invoiced 2"], (await application.EffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_executes_its_batch_fails_and_is_told_what_to_do()
    {
        await using var place = _open();
        await using var application = await Adding(place, (paid, context) =>
        {
            context.Batch.AddEffect(paid.Order);
            if (paid.Order == "hasty")
            {
                context.Batch.ExecuteNonQuery();
            }
        }, handler => handler with { Attempts = 1 }).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("hasty"), new Paid("2"));

        Assert.Contains("only add commands", Assert.Single(await application.DeadLettersAsync(1)).Error, StringComparison.Ordinal);
        await application.SettledAsync();
        Assert.Equal(["1", "2"], (await application.EffectsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_handler_that_clears_its_batch_gives_up_no_commands_but_its_own()
    {
        await using var place = _open();
        await using var application = await Adding(place, (paid, context) =>
        {
            context.Batch.BatchCommands.Clear();
            context.Batch.AddEffect(paid.Order);
        }).StartAsync();

        await application.PublishAsync(Hundred());

        Assert.Equal(100, (await application.EffectsAsync(100)).Count);
    }

    private protected static TestApplication Adding(TestPlace place, Action<Paid, HandlerContext> handle, Func<HandlerDescriptor, HandlerDescriptor>? with = null) =>
        new TestApplication(place).With(reliability =>
        {
            var handler = new DelegateHandler<Paid>(TestJson.Default.Paid, (paid, context) =>
            {
                handle(paid, context);
                return ValueTask.CompletedTask;
            }, paid => paid.Order, takesBatch: true);
            var descriptor = new HandlerDescriptor("Test.Paid", TransportNames.Local, "paid", handler);
            reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, "paid", TransportNames.Local));
            reliability.AddHandler(with?.Invoke(descriptor) ?? descriptor);
        });

    private static IEnumerable<Paid> Hundred() => Enumerable.Range(0, 100).Select(number => new Paid($"{number}", Amount: number));

    private static long Count(HandlerContext context, int work)
    {
        using var command = context.Connection.CreateCommand();
        command.Transaction = context.Transaction;
        command.CommandText = $"SELECT count(*) FROM effects WHERE text LIKE '{work} %'";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}

internal static class BatchEffects
{
    /// <summary>A business row, to be sent with the group's; null is refused by the table.</summary>
    public static void AddEffect(this DbBatch batch, string? text)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = "INSERT INTO effects(text) VALUES (@text)";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@text", (object?)text ?? DBNull.Value);
        command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }
}
