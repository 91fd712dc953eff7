using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reliability.Tests.Operations;

[Collection(nameof(Telemetry))]
public sealed class MetricTests
{
    [Fact]
    public async Task Handled_failed_doubled_and_conflicting_messages_are_counted_once_committed()
    {
        await using var application = await new TestApplication().Handle(
            (paid, context) =>
            {
                context.Effect(paid.Order);
                return paid.Customer == "broken" ? throw new InvalidOperationException("no") : ValueTask.CompletedTask;
            },
            handler => handler with { Attempts = 3 }).StartAsync();
        using var measures = Listen(application);

        await application.PublishAsync(new Paid("o1"), new Paid("o2"));
        await application.EffectsAsync(2);
        await application.PublishAsync(new Paid("o1"), new Paid("o2", Amount: 7), new Paid("o3", "broken"));
        await application.DeadLettersAsync(2);
        await application.SettledAsync();

        Assert.Equal(2, await measures.SumAsync("reliability.dead_letters", 2));
        Assert.Equal(1, await measures.SumAsync("reliability.inbox.duplicates", 1));
        Assert.Equal(1, await measures.SumAsync("reliability.inbox.conflicts", 1));
        Assert.Equal(2, await measures.SumAsync("reliability.retries", 2));
        Assert.Equal(5, await measures.SumAsync("messaging.client.consumed.messages", 5));
        Assert.Equal(["AttemptsExhausted", "Conflict"], measures.Of("reliability.dead_letters").Select(measure => (string)measure.Tags["reliability.reason"]!).Order());
        Assert.All(measures.Of("reliability.dead_letters"), measure => Assert.Equal("incoming", measure.Tags["reliability.direction"]));
        var runs = measures.Of("messaging.process.duration").ToList();
        Assert.Equal("System.InvalidOperationException", runs.First(run => run.Tags.ContainsKey("error.type")).Tags["error.type"]);
        Assert.All(runs, run => Assert.Equal(("local", "process", "paid", "Test.Paid"),
            (run.Tags["messaging.system"], run.Tags["messaging.operation.name"], run.Tags["messaging.destination.name"], run.Tags["reliability.handler"])));
        Assert.All(measures.Of("reliability.group.duration"), group => Assert.InRange(group.Value, 0, 60));
        Assert.True(measures.Sum("reliability.group.size") >= 4);
    }

    [Fact]
    public async Task Sends_are_counted_with_how_they_ended()
    {
        var transport = new ScriptedTransport((_, attempt) => Task.FromResult(attempt == 1 ? PublishOutcome.Failed("returned") : PublishOutcome.Confirmed));
        await using var application = await transport.Application().StartAsync();
        using var measures = Listen(application);

        await application.PublishAsync(new Paid("o1"));
        await application.SettledAsync();

        Assert.Equal(2, await measures.SumAsync("messaging.client.sent.messages", 2));
        Assert.Equal(["failed", null], measures.Of("messaging.client.sent.messages").Select(sent => (string?)sent.Tags.GetValueOrDefault("error.type")));
        Assert.Equal(1, await measures.SumAsync("reliability.send.retries", 1));
        Assert.All(measures.Of("messaging.client.operation.duration"), sent => Assert.Equal(("scripted", "send", "out"),
            (sent.Tags["messaging.system"], sent.Tags["messaging.operation.name"], sent.Tags["messaging.destination.name"])));
    }

    [Fact]
    public async Task Every_instrument_has_its_unit_and_a_description()
    {
        await using var application = await new TestApplication().Handle((_, _) => ValueTask.CompletedTask).StartAsync();
        using var measures = Listen(application);

        Assert.Equal(15, measures.Instruments.Count);
        Assert.All(measures.Instruments.Values, instrument => Assert.EndsWith(".", instrument.Description, StringComparison.Ordinal));
        Assert.All(
            measures.Instruments.Values.Where(instrument => instrument.Name.EndsWith(".duration", StringComparison.Ordinal) || instrument.Name.EndsWith(".age", StringComparison.Ordinal)),
            instrument => Assert.Equal("s", instrument.Unit));
        Assert.Equal("{message}", measures.Instruments["messaging.client.sent.messages"].Unit);
    }

    [Fact]
    public async Task What_waits_in_the_outbox_is_measured_while_somebody_listens_and_not_before()
    {
        var confirm = new TaskCompletionSource<PublishOutcome>();
        await using var application = await new ScriptedTransport((_, _) => confirm.Task).Application().StartAsync();
        using var instruments = new Instruments(factory: null);
        using var gauges = new RuntimeGauges(
            application.Store, application.Services.GetRequiredService<HandlerCatalog>(), application.Services.GetRequiredService<ISubscriptions>(), instruments,
            TimeProvider.System, NullLogger<RuntimeGauges>.Instance)
        {
            Interval = TimeSpan.FromMilliseconds(30),
        };
        await gauges.StartAsync(TestContext.Current.CancellationToken);
        await application.PublishAsync(new Paid("o1"), new Paid("o2"));

        using var measures = new Measures(instruments.Meter);
        var pending = await Eventually.GetAsync(() => Task.FromResult(measures.Observe("reliability.outbox.pending").ToList()), pending => pending.Count > 0);
        var age = await Eventually.GetAsync(
            () => Task.FromResult(measures.Observe("reliability.outbox.oldest.age").Where(measure => (string?)measure.Tags["messaging.system"] == "scripted").ToList()),
            age => age is [{ Value: > 0 }]);
        Assert.Equal((2d, "scripted", "out"), (pending[0].Value, pending[0].Tags["messaging.system"], pending[0].Tags["messaging.destination.name"]));
        Assert.InRange(age[0].Value, 0, 60);

        confirm.SetResult(PublishOutcome.Confirmed);
        await Eventually.GetAsync(() => Task.FromResult(measures.Observe("reliability.outbox.pending").ToList()), pending => pending.Count == 0);
        await gauges.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Subscriptions_show_their_state()
    {
        await using var application = await new TestApplication().Handle((_, _) => ValueTask.CompletedTask).StartAsync();
        using var measures = Listen(application);

        var states = await Eventually.GetAsync(
            () => Task.FromResult(measures.Observe("reliability.subscription.state").ToList()), states => (string?)states[0].Tags["reliability.state"] == "running");

        Assert.Equal((1d, "paid"), (Assert.Single(states).Value, states[0].Tags["messaging.destination.name"]));
    }

    [Fact]
    public void Where_nobody_listens_nothing_is_measured_and_nothing_allocated()
    {
        using var instruments = new Instruments(factory: null);
        var (telemetry, relay) = (new ReceiveTelemetry(instruments), new RelayTelemetry(instruments));
        var handler = new HandlerDescriptor("Test.Paid", "local", "paid", new DelegateHandler<Paid>(TestJson.Default.Paid, (_, _) => ValueTask.CompletedTask));
        var envelope = new Envelope { MessageId = "m1", Body = "{}"u8.ToArray() };
        ReceivedMessage[] group = [new ReceivedMessage { Delivery = new Delivery("paid", envelope, redelivered: false), Transport = "local", Handler = handler, Outcome = MessageOutcome.Duplicate }];
        var row = new OutboxRow { Transport = "scripted", Route = "out", Envelope = envelope };
        Report();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 1000; time++)
        {
            Report();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Report()
        {
            telemetry.Consumed("local", "paid", 1);
            using (telemetry.StartGroup(group))
            using (telemetry.StartProcess(group[0]))
            {
                telemetry.Done(group);
            }

            telemetry.Settled("local", "paid", 0, error: null);
            relay.Beginning(row, new OutgoingMessage("out", envelope), out var scope);
            relay.Ended(row, scope, PublishOutcome.Confirmed, TimeSpan.Zero);
            relay.Written("scripted", 1, 1, 1);
        }
    }

    private static Measures Listen(TestApplication application) => new(application.Services.GetRequiredService<Instruments>().Meter);
}
