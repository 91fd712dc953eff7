namespace Reliability.Tests;

public sealed class RestartTests
{
    [Fact]
    public async Task A_stopping_host_finishes_what_is_in_hand_and_the_next_start_does_the_rest()
    {
        var started = new TaskCompletionSource();
        await using var application = await new TestApplication().Handle(async (paid, context) =>
        {
            started.TrySetResult();
            await Task.Delay(50, TestContext.Current.CancellationToken);
            context.Effect(paid.Order);
        }, descriptor => descriptor with { Group = 1 }).StartAsync();
        await application.PublishAsync(Enumerable.Range(0, 20).Select(number => new Paid($"{number}")));
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);

        await application.StopAsync();
        var before = await application.EffectsAsync();
        await application.StartAsync();

        var after = await application.EffectsAsync(20);
        Assert.InRange(before.Count, 1, 19);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), after);
        await application.SettledAsync();
    }

    [Fact]
    public async Task A_handler_that_does_not_end_is_cancelled_when_the_time_to_stop_is_over_and_costs_no_attempt()
    {
        var runs = 0;
        await using var application = await new TestApplication()
            .With(reliability => reliability.Configure(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100)))
            .Handle(async (paid, context) =>
            {
                if (Interlocked.Increment(ref runs) == 1)
                {
                    await Task.Delay(Timeout.Infinite, context.CancellationToken);
                }

                context.Effect(paid.Order);
            }, descriptor => descriptor with { Attempts = 1 }).StartAsync();
        await application.PublishAsync(new Paid("1"));
        await Eventually.GetAsync(() => Task.FromResult(Volatile.Read(ref runs)), count => count == 1);

        await application.StopAsync();
        await application.StartAsync();

        Assert.Equal(["1"], await application.EffectsAsync(1));
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Deferred_messages_survive_a_restart()
    {
        var fail = true;
        await using var application = await new TestApplication().Handle((paid, context) =>
        {
            if (Volatile.Read(ref fail))
            {
                throw new InvalidOperationException("not yet");
            }

            context.Effect(paid.Order);
            return ValueTask.CompletedTask;
        }, descriptor => descriptor with { Attempts = 1000 }).StartAsync();
        await application.PublishAsync(new Paid("1"));
        await Eventually.GetAsync(async () => await application.Store.CountDeferredAsync(TestContext.Current.CancellationToken), count => count == 1);

        await application.StopAsync();
        Volatile.Write(ref fail, false);
        await application.StartAsync();

        Assert.Equal(["1"], await application.EffectsAsync(1));
        await application.SettledAsync();
    }
}
