using System.Collections.Concurrent;
using RabbitMQ.Client;
using Reliability.Tests.Services;

namespace Reliability.Tests.EndToEnd;

/// <summary>The whole path over a RabbitMQ that stands still, has no memory, or takes back what a slow handler holds.</summary>
public sealed class RabbitMqTroubleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_is_not_confirmed_in_time_is_sent_again_under_its_id()
    {
        var queue = NewQueue();
        await using var broker = await RabbitMqServer.StartAsync(Cancellation);
        await using var application = await new TestApplication().With(reliability =>
        {
            reliability.UseRabbitMq($"{broker.Uri}", options => options.ConfirmTimeout = TimeSpan.FromSeconds(1));
            reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, queue));
            reliability.Configure(options => options.Relay.Attempts = 100);
        }).StartAsync();
        await application.PublishAsync(new Paid("before"));
        await application.SettledAsync();

        await broker.PauseAsync(Cancellation);
        await application.PublishAsync(new Paid("silent"));
        // The third try proves that the first two were given up on.
        await Eventually.GetAsync(() => Task.FromResult(application.Logs.Lines.Count(line => line.Contains("not confirmed within 00:00:01", StringComparison.Ordinal))), count => count >= 2);
        Assert.Equal(1, await application.Store.CountOutboxAsync(Cancellation));
        await broker.ResumeAsync(Cancellation);
        await application.SettledAsync();

        var ids = await TakeAllAsync(broker.Uri, queue);
        Assert.True(ids.Count >= 3, $"{ids.Count} messages");
        Assert.Equal(2, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_broker_without_memory_for_a_minute_costs_no_message_and_no_attempt()
    {
        var queue = NewQueue();
        await using var broker = await RabbitMqServer.StartAsync(Cancellation);
        var runs = new ConcurrentQueue<string>();
        await using var application = await Application(broker.Uri, queue, (paid, _) =>
        {
            runs.Enqueue(paid.Order);
            return ValueTask.CompletedTask;
        }, options => options.ConfirmTimeout = TimeSpan.FromSeconds(2)).StartAsync();
        await application.PublishAsync(new Paid("before"));
        await application.EffectsAsync(1);

        await broker.ControlAsync(["set_vm_memory_high_watermark", "absolute", "1000000"], Cancellation);
        var alarm = TimeProvider.System.GetTimestamp();
        var sent = 0;
        while (TimeProvider.System.GetElapsedTime(alarm) < TimeSpan.FromMinutes(1))
        {
            await application.PublishAsync(new Paid($"{sent++}"));
            await Task.Delay(500, Cancellation);
        }

        await application.LoggedAsync("takes no messages now", "memory");
        Assert.True(await application.Store.CountOutboxAsync(Cancellation) > sent / 2, "The alarm was not heeded.");
        await broker.ControlAsync(["set_vm_memory_high_watermark", "0.4"], Cancellation);

        await application.EffectsAsync(sent + 1);
        await application.SettledAsync();
        Assert.Equal([.. Enumerable.Range(0, sent).Select(number => $"{number}").Append("before").Order()], (await application.EffectsAsync()).Order());
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task A_handler_slower_than_the_consumer_timeout_has_its_effect_once_and_the_queue_goes_on()
    {
        var queue = NewQueue();
        await using var broker = await RabbitMqServer.StartAsync(Cancellation);
        await broker.ControlAsync(["eval", "application:set_env(rabbit, consumer_timeout, 1000)."], Cancellation);
        await broker.ControlAsync(["eval", "application:set_env(rabbit, channel_tick_interval, 500)."], Cancellation);
        var runs = 0;
        await using var application = await Application(broker.Uri, queue, async (paid, context) =>
        {
            if (paid.Order == "slow" && Interlocked.Increment(ref runs) == 1)
                await Task.Delay(TimeSpan.FromSeconds(5), context.CancellationToken);
        }).StartAsync();

        await application.PublishAsync(new Paid("slow"));
        await application.LoggedAsync("nothing is received from queue", "consumer_timeout");
        await application.PublishAsync(new Paid("next"));

        Assert.Equal(["next", "slow"], (await application.EffectsAsync(2)).Order());
        await Eventually.GetAsync(() => CountAsync(broker.Uri, queue), messages => messages == 0);
        Assert.Equal(2, (await application.EffectsAsync()).Count);
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_stop_the_consumer_though_one_message_at_a_time_is_prefetched()
    {
        var queue = NewQueue();
        await using var application = await Application(await RabbitMqServer.SharedUriAsync(), queue, (paid, _) =>
            paid.Order == "bad" ? throw new InvalidOperationException("Planted.") : ValueTask.CompletedTask)
            .With(reliability => reliability.Configure(options => options.Prefetch = 1)).StartAsync();

        await application.PublishAsync([new Paid("bad"), .. Enumerable.Range(0, 20).Select(number => new Paid($"{number}"))]);

        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}").Order(), (await application.EffectsAsync(20)).Order());
        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Contains("Planted", letter.Error, StringComparison.Ordinal);
    }

    private static string NewQueue() => $"paid-{Guid.NewGuid():N}";

    private static TestApplication Application(
        Uri broker, string queue, Func<Paid, HandlerContext, ValueTask> before, Action<RabbitMqOptions>? configure = null) => new TestApplication().With(reliability =>
    {
        var handler = new DelegateHandler<Paid>(TestJson.Default.Paid, async (paid, context) =>
        {
            await before(paid, context);
            context.Effect(paid.Order);
        }, paid => paid.Order);
        reliability.UseRabbitMq($"{broker}", configure);
        reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, queue));
        reliability.AddHandler(new HandlerDescriptor("Test.Paid", TransportNames.RabbitMq, queue, handler));
    });

    private static async Task<List<string?>> TakeAllAsync(Uri broker, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        var ids = new List<string?>();
        while (await channel.BasicGetAsync(queue, autoAck: true, Cancellation) is { } got)
            ids.Add(got.BasicProperties.MessageId);

        return ids;
    }

    private static async Task<uint> CountAsync(Uri broker, string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        return (await channel.QueueDeclarePassiveAsync(queue, Cancellation)).MessageCount;
    }
}
