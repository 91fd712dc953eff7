using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests.Receiving;

/// <summary>A handler that meets what every message would meet stops its source: nothing is counted, nothing lost, until it is resumed.</summary>
public abstract class StopSuite
{
    private readonly Func<TestPlace> _open;

    private protected StopSuite(Func<TestPlace> open) => _open = open;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_source_stops_keeps_everything_and_goes_on_when_resumed()
    {
        await using var place = _open();
        var broken = true;
        await using var application = await Stopping(place, () => Volatile.Read(ref broken)).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 50).Select(number => new Paid($"{number}", Amount: number)));
        var status = await StoppedAsync(application);

        Assert.Equal((TransportNames.Local, "paid", "Test.Paid"), (status.Transport, status.Source, status.Handler));
        Assert.Equal("System.IO.FileNotFoundException: the key file is missing", status.Reason);
        Assert.NotNull(status.MessageId);
        await application.LoggedAsync("Error: Receiving from local 'paid' has stopped: Test.Paid met, on message", "ISubscriptions.ResumeAsync");
        Assert.Equal(0, await application.Store.CountDeferredAsync(Cancellation));

        Volatile.Write(ref broken, false);
        await States(application).ResumeAsync(TransportNames.Local, "paid", Cancellation);

        Assert.Equal(SubscriptionState.Running, Assert.Single(States(application).List()).State);
        var effects = await application.EffectsAsync(50);
        await application.SettledAsync();
        // The first attempt of each, as if nothing had been.
        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number} 1").Order(), effects.Order());
    }

    [Fact]
    public async Task A_stopped_source_is_received_from_after_a_restart()
    {
        await using var place = _open();
        var broken = true;
        await using var application = await Stopping(place, () => Volatile.Read(ref broken)).StartAsync();
        await application.PublishAsync(new Paid("1"));
        await StoppedAsync(application);

        await application.StopAsync();
        Volatile.Write(ref broken, false);
        await application.StartAsync();

        Assert.Equal(["1 1"], await application.EffectsAsync(1));
    }

    [Fact]
    public async Task An_attempt_from_deferral_that_stops_the_source_is_not_counted()
    {
        await using var place = _open();
        var broken = true;
        await using var application = await new TestApplication(place).Handle((paid, context) =>
        {
            context.Effect($"{paid.Order} {context.Message.Attempt}");
            return context.Message.Attempt switch
            {
                1 => throw new InvalidOperationException("not yet"),
                2 when Volatile.Read(ref broken) => throw new FileNotFoundException("the key file is missing"),
                _ => ValueTask.CompletedTask,
            };
        }, handler => handler with { Attempts = 2, StopOn = [typeof(IOException)] }).StartAsync();

        await application.PublishAsync(new Paid("1"));
        await StoppedAsync(application);
        Volatile.Write(ref broken, false);
        await States(application).ResumeAsync(TransportNames.Local, "paid", Cancellation);

        Assert.Equal(["1 2"], await application.EffectsAsync(1));
        await application.SettledAsync();
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Deferred_messages_of_a_stopped_source_wait_too()
    {
        await using var place = _open();
        var broken = true;
        var runs = 0;
        await using var application = await new TestApplication(place).Handle((paid, context) =>
        {
            Interlocked.Increment(ref runs);
            context.Effect(paid.Order);
            return !Volatile.Read(ref broken) ? ValueTask.CompletedTask
                : paid.Order == "stops" ? throw new FileNotFoundException("missing") : throw new InvalidOperationException("not yet");
        }, handler => handler with { Attempts = 1000, StopOn = [typeof(IOException)] }).StartAsync();
        await application.PublishAsync(new Paid("fails"));
        await Eventually.GetAsync(() => Task.FromResult(Volatile.Read(ref runs)), count => count >= 2);

        await application.PublishAsync(new Paid("stops"));
        await StoppedAsync(application);
        // One may have been in hand when the source stopped.
        var claimed = await Eventually.GetAsync(() => Task.FromResult(application.Logs.Lines.Count(line => line.Contains("has stopped", StringComparison.Ordinal))), count => count == 1);
        Assert.Equal(1, claimed);
        Volatile.Write(ref broken, false);
        await States(application).ResumeAsync(TransportNames.Local, "paid", Cancellation);

        Assert.Equal(["fails", "stops"], (await application.EffectsAsync(2)).Order());
        await application.SettledAsync();
    }

    [Fact]
    public async Task Other_sources_go_on()
    {
        await using var place = _open();
        await using var application = await Stopping(place, () => true).With(reliability =>
        {
            reliability.AddMessage(new MessageType<Invoiced>("Invoiced", TestJson.Default.Invoiced, "invoiced", TransportNames.Local));
            reliability.AddHandler(new HandlerDescriptor("Test.Invoiced", TransportNames.Local, "invoiced", new DelegateHandler<Invoiced>(TestJson.Default.Invoiced, (invoiced, context) =>
            {
                context.Effect(invoiced.Order);
                return ValueTask.CompletedTask;
            })));
        }).StartAsync();
        await application.PublishAsync(new Paid("1"));
        await StoppedAsync(application);

        await using (var work = await application.Sender().BeginAsync(Cancellation))
        {
            work.Outbox.Publish(new Invoiced("2"));
            await work.CommitAsync(Cancellation);
        }

        Assert.Equal(["2"], await application.EffectsAsync(1));
        Assert.Equal([SubscriptionState.Running, SubscriptionState.Stopped], States(application).List().Select(status => status.State));
    }

    [Fact]
    public async Task Resuming_what_runs_changes_nothing_and_an_unknown_source_is_said()
    {
        await using var place = _open();
        await using var application = await Stopping(place, () => false).StartAsync();

        await States(application).ResumeAsync(TransportNames.Local, "paid", Cancellation);
        var error = await Assert.ThrowsAsync<ArgumentException>(() => States(application).ResumeAsync(TransportNames.Local, "nobody", Cancellation));

        Assert.StartsWith("No handler of this process receives from local 'nobody'.", error.Message, StringComparison.Ordinal);
        await application.PublishAsync(new Paid("1"));
        Assert.Equal(["1 1"], await application.EffectsAsync(1));
    }

    private static ISubscriptions States(TestApplication application) => application.Services.GetRequiredService<ISubscriptions>();

    private static Task<SubscriptionStatus> StoppedAsync(TestApplication application) => Eventually.GetAsync(
        () => Task.FromResult(States(application).List().Single(status => status.Source == "paid")), status => status.State == SubscriptionState.Stopped);

    private static TestApplication Stopping(TestPlace place, Func<bool> isBroken) => new TestApplication(place).Handle((paid, context) =>
    {
        context.Effect($"{paid.Order} {context.Message.Attempt}");
        return paid.Amount is 1 or 7 && isBroken() ? throw new FileNotFoundException("the key file is missing") : ValueTask.CompletedTask;
    }, handler => handler with { Attempts = 1, StopOn = [typeof(IOException)] });
}
