namespace Reliability.Tests;

public sealed class OutboxTests
{
    [Fact]
    public async Task A_handlers_message_has_the_same_id_whenever_its_operation_runs_again()
    {
        var ids = new List<string>();
        var failures = 2;
        await using var application = await Chain((_, context) =>
        {
            context.Outbox.Publish(new Invoiced("1"));
            return failures-- > 0 ? throw new InvalidOperationException("after publishing") : ValueTask.CompletedTask;
        }, ids).StartAsync();

        await application.PublishAsync(new Paid("1"));
        await application.SettledAsync();

        Assert.Equal([MessageIds.Derived("Test.Paid", "1", 0)], ids);
    }

    [Fact]
    public async Task Two_messages_of_one_run_have_two_ids()
    {
        var ids = new List<string>();
        await using var application = await Chain((_, context) =>
        {
            context.Outbox.Publish(new Invoiced("a"));
            context.Outbox.Publish(new Invoiced("b"));
            return ValueTask.CompletedTask;
        }, ids).StartAsync();

        await application.PublishAsync(new Paid("1"));
        await application.SettledAsync();

        Assert.Equal([MessageIds.Derived("Test.Paid", "1", 0), MessageIds.Derived("Test.Paid", "1", 1)], ids);
    }

    [Fact]
    public async Task A_message_waits_for_its_time()
    {
        await using var application = await new TestApplication().Handle(Record).StartAsync();
        await using (var work = await application.Sender().BeginAsync(TestContext.Current.CancellationToken))
        {
            work.Outbox.Publish(new Paid("later"), new PublishOptions { NotBefore = DateTimeOffset.UtcNow.AddMilliseconds(300) });
            work.Outbox.Publish(new Paid("now"));
            await work.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["now", "later"], await application.EffectsAsync(2));
    }

    [Fact]
    public async Task An_unknown_message_type_is_refused_with_what_to_do()
    {
        await using var application = await new TestApplication().Handle(Record).StartAsync();
        await using var work = await application.Sender().BeginAsync(TestContext.Current.CancellationToken);

        var error = Assert.Throws<InvalidOperationException>(() => work.Outbox.Publish(new Invoiced("1")));

        Assert.Contains("Reliability.Tests.Invoiced is no known message type: give it [PublishTo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused_before_the_commit_with_both_sizes()
    {
        await using var application = await new TestApplication().With(reliability => reliability.Configure(options => options.MaxBodyBytes = 2048)).Handle(Record).StartAsync();
        await using var work = await application.Sender().BeginAsync(TestContext.Current.CancellationToken);

        var error = Assert.Throws<MessageTooLargeException>(() => work.Outbox.Publish(new Paid(new string('x', 3000))));

        Assert.Contains("3,0", error.Message, StringComparison.Ordinal);
        Assert.Contains("2,048", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxBodyBytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_ids_are_version_7_and_sort_by_time()
    {
        var ids = Enumerable.Range(0, 3).Select(hour => Guid.Parse(MessageIds.New(new FixedTime(DateTimeOffset.UnixEpoch.AddHours(hour))))).ToList();

        Assert.All(ids, id => Assert.Equal(0x70, id.ToByteArray(bigEndian: true)[6] & 0xF0));
        Assert.All(ids, id => Assert.Equal(0x80, id.ToByteArray(bigEndian: true)[8] & 0xC0));
        Assert.Equal(ids.OrderBy(id => id.ToString("D"), StringComparer.Ordinal), ids);
    }

    private static TestApplication Chain(Func<Paid, HandlerContext, ValueTask> first, List<string> ids) =>
        new TestApplication().Handle(first).With(reliability =>
        {
            var second = new DelegateHandler<Invoiced>(TestJson.Default.Invoiced, (_, context) =>
            {
                ids.Add(context.Message.MessageId);
                return ValueTask.CompletedTask;
            });
            reliability.AddMessage(new MessageType<Invoiced>("Invoiced", TestJson.Default.Invoiced, "invoiced", TransportNames.Local));
            reliability.AddHandler(new HandlerDescriptor("Test.Invoiced", TransportNames.Local, "invoiced", second));
        });

    private static ValueTask Record(Paid paid, HandlerContext context)
    {
        context.Effect(paid.Order);
        return ValueTask.CompletedTask;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
