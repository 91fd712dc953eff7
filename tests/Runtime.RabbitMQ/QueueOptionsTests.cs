using RabbitMQ.Client;

namespace Reliability.Tests;

/// <summary>What queues are declared with, as the options say it for all of them and for single ones.</summary>
public sealed class QueueOptionsTests : BrokerTest
{
    [Fact]
    public void Queues_are_quorum_queues_unless_told_otherwise() =>
        Assert.Equal("quorum", new QueueArguments(new RabbitMqOptions()).For("any", singleActive: false)["x-queue-type"]);

    [Fact]
    public async Task Single_queues_may_differ_in_type_and_arguments()
    {
        var (classic, bounded) = (NewQueue(), NewQueue());
        var transport = await StartAsync([classic, bounded], configure: options =>
        {
            options.QueueType = RabbitMqQueueType.Quorum;
            options.Queues[classic] = new RabbitMqQueue { Type = RabbitMqQueueType.Classic };
            options.Queues[bounded] = new RabbitMqQueue { Arguments = { ["x-max-length"] = 10, ["x-overflow"] = "reject-publish" } };
        });
        await PublishAsync(transport, classic, "1");
        await PublishAsync(transport, bounded, "2");

        await using var raw = await RawAsync();
        await DeclaredAsync(raw, classic, new() { ["x-queue-type"] = "classic" });
        await DeclaredAsync(raw, bounded, new() { ["x-queue-type"] = "quorum", ["x-max-length"] = 10, ["x-overflow"] = "reject-publish" });
    }

    [Fact]
    public async Task A_message_that_exceeds_the_delivery_limit_lies_in_the_dead_letter_queue_and_no_other_is_touched()
    {
        var queue = NewQueue();
        await using var proxy = new BrokerProxy(await BrokerAsync());
        var transport = await StartAsync([queue], configure: options =>
        {
            options.Uri = proxy.Uri.OriginalString;
            options.QueueType = RabbitMqQueueType.Quorum;
            options.Queues[queue] = new RabbitMqQueue { DeliveryLimit = 2 };
        });
        await PublishAsync(transport, queue, "deadly");
        await using var raw = await RawAsync();
        await using (var subscription = await SubscribeAsync(transport, queue, prefetch: 1))
        {
            // As a message does that ends its process each time.
            for (var delivery = 0; delivery < 3; delivery++)
            {
                Assert.Equal("deadly", (await subscription.Deliveries.ReadAsync(Cancellation)).Envelope.MessageId);
                proxy.Cut();
            }

            await PublishAsync(transport, queue, "next");
            await ReceiveAllAsync(subscription, ["next"]);
        }

        Assert.Equal("deadly", (await GetAsync(raw, $"{queue}.dead")).BasicProperties.MessageId);
    }

    [Fact]
    public async Task A_named_dead_letter_exchange_leads_to_the_queues_own_dead_letter_queue()
    {
        var queue = NewQueue();
        var exchange = $"dlx-{queue}";
        var transport = await StartAsync([queue], configure: options => options.DeadLetterExchange = exchange);
        await PublishAsync(transport, queue, "hopeless");
        await using var raw = await RawAsync();
        await raw.Channel.BasicRejectAsync((await GetAsync(raw, queue)).DeliveryTag, requeue: false, Cancellation);

        var dead = await GetAsync(raw, $"{queue}.dead");

        Assert.Equal((exchange, "hopeless"), (dead.Exchange, dead.BasicProperties.MessageId));
        await raw.Channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_sender_that_is_told_so_declares_an_ordered_queue_as_its_receivers_need_it()
    {
        var queue = NewQueue();
        var sender = await StartAsync([], [queue], options => options.Queues[queue] = new RabbitMqQueue { SingleActiveConsumer = true });
        await PublishAsync(sender, queue, "1");

        var transport = await StartAsync([queue], ordered: true);
        await using var subscription = await transport.SubscribeAsync(new SubscriptionRequest(queue, 100) { Ordered = true }, Cancellation);

        await ReceiveAllAsync(subscription, ["1"]);
        await using var raw = await RawAsync();
        await DeclaredAsync(raw, queue, new() { ["x-queue-type"] = "classic", ["x-single-active-consumer"] = true });
        Assert.DoesNotContain(Log.All, line => line.Contains("exists without", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_queue_with_other_arguments_names_the_option_that_says_how_it_is()
    {
        var queue = NewQueue();
        await using var raw = await RawAsync();
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "classic", ["x-max-length"] = 7 };
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancellation);
        await StartAsync([queue]);

        await LoggedAsync($"queue '{queue}' exists otherwise", $"RabbitMqOptions.Queues[\"{queue}\"]", "RabbitMqOptions.Topology = Verify");
    }

    [Fact]
    public async Task An_exchange_of_another_type_names_the_option_and_the_rest_works()
    {
        var queue = NewQueue();
        var exchange = $"x-{queue}";
        await using var raw = await RawAsync();
        await raw.Channel.ExchangeDeclareAsync(exchange, "fanout", durable: true, autoDelete: false, cancellationToken: Cancellation);
        var transport = await StartAsync([queue], [queue, $"{exchange}/key"]);

        await LoggedAsync($"exchange '{exchange}' exists otherwise", "RabbitMqOptions.ExchangeType", "PRECONDITION_FAILED");

        await PublishAsync(transport, queue, "fine");
        await raw.Channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancellation);
    }

    /// <summary>Declared again with exactly these arguments: others would be refused with a 406.</summary>
    private async Task DeclaredAsync(RawBroker raw, string queue, Dictionary<string, object?> arguments)
    {
        arguments["x-dead-letter-exchange"] = "";
        arguments["x-dead-letter-routing-key"] = $"{queue}.dead";
        await raw.Channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: Cancellation);
    }

    private async Task<BasicGetResult> GetAsync(RawBroker raw, string queue)
    {
        BasicGetResult? got;
        while ((got = await raw.Channel.BasicGetAsync(queue, autoAck: false, Cancellation)) is null)
            await Task.Delay(20, Cancellation);

        return got;
    }
}
