using System.Data.Common;

namespace Reliability.Tests.Receiving;

/// <summary>What becomes of a message by what its handler throws, and by how long it takes.</summary>
public abstract class FailureSuite
{
    private readonly Func<TestPlace> _open;

    private protected FailureSuite(Func<TestPlace> open) => _open = open;

    [Fact]
    public async Task A_handler_that_takes_too_long_is_cancelled_and_its_attempt_has_failed()
    {
        await using var place = _open();
        var runs = 0;
        await using var application = await new TestApplication(place).Handle(async (paid, context) =>
        {
            Interlocked.Increment(ref runs);
            context.Effect(paid.Order);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }, handler => handler with { Attempts = 2, Timeout = TimeSpan.FromMilliseconds(100) }).StartAsync();

        await application.PublishAsync(new Paid("1"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((DeadLetterReason.AttemptsExhausted, 2, 2), (letter.Reason, letter.Attempts, runs));
        Assert.Contains("HandlerTimeoutException: Test.Paid did not end within 00:00:00.1", letter.Error, StringComparison.Ordinal);
        Assert.Empty(await application.EffectsAsync());
    }

    [Fact]
    public async Task A_handler_that_swallows_its_cancellation_has_failed_all_the_same()
    {
        await using var place = _open();
        await using var application = await new TestApplication(place)
            .With(reliability => reliability.Configure(options => options.HandlerTimeout = TimeSpan.FromMilliseconds(100)))
            .Handle(async (paid, context) =>
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
                context.Effect(paid.Order);
            }, handler => handler with { Attempts = 1 }).StartAsync();

        await application.PublishAsync(new Paid("1"));

        Assert.Contains("HandlerTimeoutException", Assert.Single(await application.DeadLettersAsync(1)).Error, StringComparison.Ordinal);
        Assert.Empty(await application.EffectsAsync());
    }

    [Fact]
    public async Task A_handler_that_ignores_its_token_is_reported_and_waited_for()
    {
        await using var place = _open();
        var reported = new TaskCompletionSource();
        await using var application = await new TestApplication(place).Handle(async (paid, context) =>
        {
            if (context.Message.Attempt == 1)
            {
                await reported.Task;
            }

            context.Effect(paid.Order);
        }, handler => handler with { Timeout = TimeSpan.FromMilliseconds(100) }).StartAsync();

        await application.PublishAsync(new Paid("1"));
        await application.LoggedAsync("Warning: Test.Paid still runs on message", "have the handler heed its CancellationToken");
        reported.SetResult();

        Assert.Equal(["1"], await application.EffectsAsync(1));
        await application.SettledAsync();
        Assert.Equal(["1"], await application.EffectsAsync());
    }

    [Fact]
    public async Task A_slow_message_fails_its_group_but_not_the_others_of_it()
    {
        await using var place = _open();
        await using var application = await new TestApplication(place).Handle(async (paid, context) =>
        {
            context.Effect(paid.Order);
            if (paid.Order == "slow")
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }
        }, handler => handler with { Attempts = 1, Timeout = TimeSpan.FromMilliseconds(200) }).StartAsync();

        await application.PublishAsync(new Paid("1"), new Paid("slow"), new Paid("2"));

        Assert.Single(await application.DeadLettersAsync(1));
        await application.SettledAsync();
        Assert.Equal(["1", "2"], (await application.EffectsAsync()).Order());
    }

    [Fact]
    public async Task An_exception_that_the_handler_names_makes_the_message_a_dead_letter_at_once()
    {
        await using var place = _open();
        var runs = 0;
        await using var application = await new TestApplication(place)
            .Handle((_, _) => throw new ArgumentNullException($"run {++runs}"), handler => handler with { DeadLetterOn = [typeof(ArgumentException)] }).StartAsync();

        await application.PublishAsync(new Paid("1"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((DeadLetterReason.Rejected, 1, 1), (letter.Reason, letter.Attempts, runs));
        Assert.Contains("System.ArgumentNullException", letter.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_that_the_options_name_makes_the_message_a_dead_letter_unless_it_is_excepted()
    {
        await using var place = _open();
        await using var application = await new TestApplication(place)
            .With(reliability => reliability.Configure(options => options.Failures.DeadLetterOn<ArgumentException>().RetryOn<ArgumentNullException>()))
            .Handle((paid, context) =>
            {
                context.Effect(paid.Order);
                return (paid.Order, context.Message.Attempt) switch
                {
                    ("bad", _) => throw new ArgumentOutOfRangeException(nameof(paid)),
                    ("early", 1) => throw new ArgumentNullException(nameof(paid)),
                    _ => ValueTask.CompletedTask,
                };
            }).StartAsync();

        await application.PublishAsync(new Paid("bad"), new Paid("early"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((DeadLetterReason.Rejected, "bad"), (letter.Reason, letter.DedupeKey));
        Assert.Equal(["early"], await application.EffectsAsync(1));
    }

    [Fact]
    public async Task The_victim_of_a_deadlock_runs_again_and_its_attempt_is_not_counted()
    {
        await using var place = _open();
        var runs = 0;
        await using var application = await new TestApplication(place).Handle((paid, context) =>
        {
            context.Effect(paid.Order);
            Assert.Equal(1, context.Message.Attempt);
            return Interlocked.Increment(ref runs) < 4 ? throw new VictimException() : ValueTask.CompletedTask;
        }, handler => handler with { Attempts = 1 }).StartAsync();

        await application.PublishAsync(new Paid("1"));

        Assert.Equal(["1"], await application.EffectsAsync(1));
        await application.SettledAsync();
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(TestContext.Current.CancellationToken));
        Assert.Contains(application.Logs.Lines, line => line.Contains("was undone by the database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_is_a_deadlocks_victim_every_time_is_no_victim_and_its_attempts_count()
    {
        await using var place = _open();
        await using var application = await new TestApplication(place).Handle((_, _) => throw new VictimException(), handler => handler with { Attempts = 1 }).StartAsync();

        await application.PublishAsync(new Paid("1"));

        Assert.Equal((DeadLetterReason.AttemptsExhausted, 1), Assert.Single(await application.DeadLettersAsync(1)) is var letter ? (letter.Reason, letter.Attempts) : default);
    }

    private sealed class VictimException() : DbException("deadlock detected")
    {
        public override string SqlState => "40P01";
    }
}
