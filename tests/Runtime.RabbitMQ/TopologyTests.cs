using RabbitMQ.Client;

namespace Reliability.Tests;

/// <summary>Queues and exchanges that are missing, different, or deleted while they are used.</summary>
public sealed class TopologyTests : BrokerTest
{
    [Fact]
    public async Task A_queue_that_exists_otherwise_is_named_with_two_ways_out_and_used_once_it_is_mended()
    {
        var queue = NewQueue();
        await using var raw = await RawAsync();
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        var transport = await StartAsync([queue], configure: options => options.QueueType = RabbitMqQueueType.Quorum);
        await using var subscription = await SubscribeAsync(transport, queue);

        var line = await LoggedAsync($"nothing is received from queue '{queue}'", "PRECONDITION_FAILED", "inequivalent arg");
        Assert.Contains("Topology = Verify", line);
        Assert.Contains("delete_queue", line);
        await LoggedAsync($"RabbitMQ: queue '{queue}' exists otherwise"); // the publisher's own word: each connection finds out for itself

        await raw.Channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        await PublishAsync(transport, queue, "mended");
        await ReceiveAllAsync(subscription, ["mended"]);
        await LoggedAsync("in order again");
    }

    [Fact]
    public async Task Of_two_processes_one_at_a_time_receives_from_an_ordered_queue_and_the_other_takes_over()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], ordered: true);
        var first = await OrderedAsync(transport, queue);
        await PublishAsync(transport, queue, "1");
        await ReceiveAllAsync(first, ["1"]);
        var other = await StartAsync([queue], ordered: true);
        await using var second = await OrderedAsync(other, queue);
        await ConsumersAsync(queue, 2);

        foreach (var id in new[] { "2", "3", "4" })
            await PublishAsync(transport, queue, id);

        Assert.Equal(["2", "3", "4"], [(await ReceiveAsync(first)).Envelope.MessageId, (await ReceiveAsync(first)).Envelope.MessageId, (await ReceiveAsync(first)).Envelope.MessageId]);
        Assert.Equal(0, second.Deliveries.Count);
        await first.DisposeAsync();
        await PublishAsync(transport, queue, "5");
        await ReceiveAllAsync(second, ["5"]);
    }

    [Fact]
    public async Task A_queue_that_exists_without_a_single_active_consumer_is_used_with_a_warning()
    {
        var queue = NewQueue();
        var sender = await StartAsync([], [queue]);
        await PublishAsync(sender, queue, "1");

        var transport = await StartAsync([queue], ordered: true);
        await using var subscription = await OrderedAsync(transport, queue);

        await ReceiveAllAsync(subscription, ["1"]);
        await LoggedAsync($"queue '{queue}' exists without x-single-active-consumer", "delete_queue");
    }

    [Fact]
    public async Task Who_only_sends_uses_an_ordered_queue_as_it_is()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], ordered: true);
        await using var subscription = await OrderedAsync(transport, queue);
        await ConsumersAsync(queue, 1);

        var sender = await StartAsync([], [queue]);
        await PublishAsync(sender, queue, "1");

        await ReceiveAllAsync(subscription, ["1"]);
        Assert.DoesNotContain(Log.All, line => line.Contains("exists otherwise", StringComparison.Ordinal) || line.Contains("exists without", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_wrong_queue_does_not_keep_others_from_working()
    {
        var (wrong, right) = (NewQueue(), NewQueue());
        await using var raw = await RawAsync();
        await raw.Channel.QueueDeclareAsync(wrong, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);
        var transport = await StartAsync([wrong, right]);
        await using var first = await SubscribeAsync(transport, wrong);
        await using var second = await SubscribeAsync(transport, right);

        await PublishAsync(transport, right, "fine");

        await ReceiveAllAsync(second, ["fine"]);
        await LoggedAsync($"nothing is received from queue '{wrong}'");
    }

    [Fact]
    public async Task An_exclusive_queue_of_somebody_else_is_named()
    {
        var queue = NewQueue();
        await using (var raw = await RawAsync())
        {
            await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: true, autoDelete: true, cancellationToken: Cancellation);
            var transport = await StartAsync([queue]);
            await using var subscription = await SubscribeAsync(transport, queue);
            await LoggedAsync($"queue '{queue}' is exclusive to another connection", "RESOURCE_LOCKED");
        }
    }

    [Fact]
    public async Task Verifying_names_a_missing_queue_and_uses_it_once_it_is_there()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.Topology = RabbitMqTopology.Verify);
        await using var subscription = await SubscribeAsync(transport, queue);
        await LoggedAsync($"nothing is received from queue '{queue}'", "does not exist", "Topology = Declare");

        await using var raw = await RawAsync();
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancellation);

        await PublishAsync(transport, queue, "there");
        await ReceiveAllAsync(subscription, ["there"]);
    }

    [Fact]
    public async Task Verifying_declares_nothing()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], [queue, $"missing-{queue}/key"], options => options.Topology = RabbitMqTopology.Verify);
        await LoggedAsync($"queue '{queue}' does not exist");
        await LoggedAsync($"exchange 'missing-{queue}' does not exist");

        var outcome = await TryPublishAsync(transport, queue, "nowhere");

        Assert.Equal(PublishStatus.Failed, outcome.Status);
        Assert.Contains("312 NO_ROUTE", outcome.Reason);
    }

    [Fact]
    public async Task A_queue_deleted_under_its_consumer_is_declared_again_and_received_from()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        await using var subscription = await SubscribeAsync(transport, queue);
        await PublishAsync(transport, queue, "before");
        await ReceiveAllAsync(subscription, ["before"]);

        await using var raw = await RawAsync();
        await raw.Channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);

        await LoggedAsync($"nothing is received from queue '{queue}'", "cancelled the consumer");
        await PublishAsync(transport, queue, "after");
        await ReceiveAllAsync(subscription, ["after"]);
    }

    [Fact]
    public async Task Settling_deliveries_of_a_deleted_queue_is_passed_over()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        await using var subscription = await SubscribeAsync(transport, queue);
        await PublishAsync(transport, queue, "gone");
        var delivery = await subscription.Deliveries.ReadAsync(Cancellation);
        await using var raw = await RawAsync();
        await raw.Channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
        await LoggedAsync("cancelled the consumer");

        await subscription.SettleAsync([delivery], Cancellation);

        await PublishAsync(transport, queue, "after");
        await ReceiveAllAsync(subscription, ["after"]);
        Assert.DoesNotContain(Log.All, line => line.Contains("unknown delivery tag"));
    }

    [Fact]
    public async Task Settling_stale_tags_never_closes_the_new_channel()
    {
        var queue = NewQueue();
        await using var proxy = new BrokerProxy(await BrokerAsync());
        var transport = await StartAsync([queue], configure: options => options.Uri = proxy.Uri.OriginalString);
        await using var subscription = await SubscribeAsync(transport, queue);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => PublishAsync(transport, queue, $"m{number}")));
        var stale = new List<Delivery>();
        while (stale.Count < 20)
            stale.Add(await subscription.Deliveries.ReadAsync(Cancellation));

        proxy.Cut();
        var fresh = await subscription.Deliveries.ReadAsync(Cancellation);
        await subscription.SettleAsync(stale, Cancellation);
        await subscription.SettleAsync(stale, Cancellation);
        await subscription.SettleAsync([fresh], Cancellation);

        // 19 more come by the same channel, which a wrong tag would have closed.
        await ReceiveAllAsync(subscription, stale.Select(delivery => delivery.Envelope.MessageId).Where(id => id != fresh.Envelope.MessageId));
        Assert.Equal(2, Log.All.Count(line => line.Contains("receiving from queue")));
        Assert.DoesNotContain(Log.All, line => line.Contains("unknown delivery tag"));
    }

    [Fact]
    public async Task Exchanges_and_bindings_are_declared_and_lead_to_the_queue()
    {
        var queue = NewQueue();
        var exchange = $"x-{queue}";
        var transport = await StartAsync([queue], [$"{exchange}/order.paid"], options => options.Bindings.Add(new(queue, exchange, "order.*")));
        await using var subscription = await SubscribeAsync(transport, queue);

        await PublishAsync(transport, $"{exchange}/order.paid", "bound");
        var unbound = await TryPublishAsync(transport, $"{exchange}/invoice.paid", "unbound");

        await ReceiveAllAsync(subscription, ["bound"]);
        Assert.Equal(PublishStatus.Failed, unbound.Status);
        Assert.Contains($"exchange '{exchange}' with routing key 'invoice.paid'", unbound.Reason);
        await using var raw = await RawAsync();
        await raw.Channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_missing_exchange_fails_by_name_and_harms_nobody_else()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue]);
        await PublishAsync(transport, queue, "warm");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
            TryPublishAsync(transport, number % 10 == 7 ? $"missing-{queue}/key" : queue, $"m{number}")));

        Assert.All(outcomes.Where((_, number) => number % 10 != 7), outcome => Assert.Equal(PublishOutcome.Confirmed, outcome));
        Assert.All(outcomes.Where((_, number) => number % 10 == 7), outcome =>
        {
            Assert.Equal(PublishStatus.Failed, outcome.Status);
            Assert.Contains($"exchange 'missing-{queue}' does not exist", outcome.Reason);
        });
    }

    [Fact]
    public async Task An_exchange_deleted_while_it_is_used_fails_by_name_and_costs_others_no_attempt()
    {
        var queue = NewQueue();
        var exchange = $"x-{queue}";
        var transport = await StartAsync([queue], [$"{exchange}/key"], options => options.Bindings.Add(new(queue, exchange, "#")));
        await PublishAsync(transport, $"{exchange}/key", "warm");
        await using var raw = await RawAsync();
        await raw.Channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancellation);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
            (Guilty: number % 20 == 7, Outcome: await TryPublishAsync(transport, number % 20 == 7 ? $"{exchange}/key" : queue, $"m{number}"))));

        Assert.Contains(outcomes, entry => entry.Guilty && entry.Outcome.Status == PublishStatus.Failed && entry.Outcome.Reason!.Contains(exchange));
        Assert.DoesNotContain(outcomes, entry => entry.Guilty && entry.Outcome.Status == PublishStatus.Confirmed);
        Assert.DoesNotContain(outcomes, entry => !entry.Guilty && entry.Outcome.Status is PublishStatus.Failed or PublishStatus.Refused);
        await PublishAsync(transport, queue, "after");
    }

    [Fact]
    public async Task What_the_broker_gives_up_on_lies_in_the_dead_queue()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.QueueType = RabbitMqQueueType.Quorum);
        await PublishAsync(transport, queue, "hopeless");
        await using var raw = await RawAsync();
        var got = await GetAsync(raw, queue);
        await raw.Channel.BasicRejectAsync(got.DeliveryTag, requeue: false, Cancellation);

        Assert.Equal("hopeless", (await GetAsync(raw, $"{queue}.dead")).BasicProperties.MessageId);
    }

    [Theory]
    [InlineData(RabbitMqQueueType.Classic)]
    [InlineData(RabbitMqQueueType.Quorum)]
    public async Task Queues_are_durable_and_outlive_the_connection_that_declared_them(RabbitMqQueueType queueType)
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.QueueType = queueType);
        await PublishAsync(transport, queue, "kept");
        await transport.DisposeAsync();

        await using var raw = await RawAsync();
        // Declared again with every flag as it must be: another flag would be refused with a 406.
        var arguments = new Dictionary<string, object?>
        {
            ["x-queue-type"] = queueType == RabbitMqQueueType.Quorum ? "quorum" : "classic",
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = $"{queue}.dead",
        };
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancellation);
        Assert.Equal("kept", (await GetAsync(raw, queue)).BasicProperties.MessageId);
    }

    [Fact]
    public async Task A_leading_slash_names_a_queue_with_a_slash_in_its_name()
    {
        var queue = $"{NewQueue()}/part";
        var transport = await StartAsync([queue], [$"/{queue}"]);

        await PublishAsync(transport, $"/{queue}", "slashed");

        await using var subscription = await SubscribeAsync(transport, queue);
        await ReceiveAllAsync(subscription, ["slashed"]);
        await using var raw = await RawAsync();
        await raw.Channel.QueueDeleteAsync($"{queue}.dead", cancellationToken: Cancellation);
        await subscription.DisposeAsync();
        await raw.Channel.QueueDeleteAsync(queue, cancellationToken: Cancellation);
    }

    /// <summary>A queue may take a moment to have what it was sent by dead-lettering.</summary>
    private async Task<BasicGetResult> GetAsync(RawBroker raw, string queue)
    {
        BasicGetResult? got;
        while ((got = await raw.Channel.BasicGetAsync(queue, autoAck: false, Cancellation)) is null)
            await Task.Delay(20, Cancellation);

        return got;
    }

    private ValueTask<ISubscription> OrderedAsync(ITransport transport, string queue) =>
        transport.SubscribeAsync(new SubscriptionRequest(queue, 100) { Ordered = true }, Cancellation);

    private async Task ConsumersAsync(string queue, uint count)
    {
        while (true)
        {
            await using var raw = await RawAsync();
            try
            {
                if ((await raw.Channel.QueueDeclarePassiveAsync(queue, Cancellation)).ConsumerCount == count)
                    return;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                // Not declared yet.
            }

            await Task.Delay(50, Cancellation);
        }
    }
}
