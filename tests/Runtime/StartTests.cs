using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Reliability.Tests;

public sealed class StartTests
{
    private static readonly DelegateHandler<Paid> Handler = new(TestJson.Default.Paid, (_, _) => ValueTask.CompletedTask);

    [Fact]
    public async Task A_handler_without_its_transport_fails_the_start_with_the_call_that_is_missing()
    {
        var error = await FailsAsync(reliability => reliability.AddHandler(new HandlerDescriptor("Billing.Issue", TransportNames.RabbitMq, "orders", Handler)));

        Assert.Contains("Billing.Issue on rabbitmq 'orders' has no transport: call UseRabbitMq(…) (package Reliability.RabbitMQ)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_handlers_with_one_name_fail_the_start()
    {
        var other = new DelegateHandler<Invoiced>(TestJson.Default.Invoiced, (_, _) => ValueTask.CompletedTask);

        var error = await FailsAsync(reliability => reliability
            .AddHandler(new HandlerDescriptor("Same", TransportNames.Local, "a", Handler))
            .AddHandler(new HandlerDescriptor("Same", TransportNames.Local, "b", other)));

        Assert.Contains("Several handlers are named 'Same'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_handlers_of_one_message_on_one_queue_fail_the_start()
    {
        var error = await FailsAsync(reliability => reliability
            .AddHandler(new HandlerDescriptor("A", TransportNames.Local, "q", Handler))
            .AddHandler(new HandlerDescriptor("B", TransportNames.Local, "q", Handler)));

        Assert.Contains("'Paid' from local 'q' has several handlers: A, B", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_local_route_that_nothing_handles_fails_the_start()
    {
        var error = await FailsAsync(reliability => reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, "nobody")));

        Assert.Contains("Paid is published to the local queue 'nobody', which no [LocalHandler] here handles", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_option_fails_the_start_with_its_name_value_and_bounds()
    {
        await using var application = new TestApplication().With(reliability => reliability.Configure(options => options.Prefetch = 0));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(application.StartAsync);

        Assert.Contains("ReliabilityOptions.Prefetch is 0; it must be between 1 and 65535.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forgetting_handled_messages_sooner_than_they_may_come_again_fails_the_start()
    {
        await using var application = new TestApplication().With(reliability => reliability.Configure(options => options.InboxRetention = TimeSpan.FromHours(1)));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(application.StartAsync);

        Assert.Contains("ReliabilityOptions.InboxRetention is 01:00:00; it must be at least RedeliveryHorizon (1.00:00:00)", error.Message, StringComparison.Ordinal);
        Assert.Contains("would be handled twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_forgets_sooner_than_messages_may_come_again_fails_the_start()
    {
        var error = await FailsAsync(reliability => reliability.AddHandler(new HandlerDescriptor("A", TransportNames.Local, "q", Handler) { Retention = TimeSpan.FromHours(2) }));

        Assert.Contains("A on local 'q' forgets handled messages after 02:00:00 (RetentionHours), but a message may be delivered again for 1.00:00:00", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_named_for_two_ends_fails_the_start()
    {
        var error = await FailsAsync(reliability => reliability.AddHandler(
            new HandlerDescriptor("A", TransportNames.Local, "q", Handler) { DeadLetterOn = [typeof(IOException)], StopOn = [typeof(IOException)] }));

        Assert.Contains("A on local 'q' names System.IO.IOException both in DeadLetterOn and in StopOn", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Lanes", "ReliabilityOptions.Lanes is 0; it must be between 1 and 64.")]
    [InlineData("PrefetchBytes", "ReliabilityOptions.PrefetchBytes is 0; it must be at least 1024.")]
    [InlineData("GroupTime", "ReliabilityOptions.GroupTime is 00:00:00; it must be at least 00:00:00.0010000.")]
    [InlineData("HandlerTimeout", "ReliabilityOptions.HandlerTimeout is 00:00:00; it must be at least 00:00:00.0010000.")]
    [InlineData("Retry.Parallelism", "ReliabilityOptions.Retry.Parallelism is 0; it must be between 1 and 64.")]
    public async Task Each_option_of_receiving_is_checked(string option, string said)
    {
        await using var application = new TestApplication().With(reliability => reliability.Configure(options =>
        {
            switch (option)
            {
                case "Lanes":
                    options.Lanes = 0;
                    break;
                case "PrefetchBytes":
                    options.PrefetchBytes = 0;
                    break;
                case "GroupTime":
                    options.GroupTime = TimeSpan.Zero;
                    break;
                case "HandlerTimeout":
                    options.HandlerTimeout = TimeSpan.Zero;
                    break;
                default:
                    options.Retry.Parallelism = 0;
                    break;
            }
        }));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(application.StartAsync);

        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_store_is_an_error_at_once()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddReliability(_ => { }));

        Assert.Contains("no store is configured; exactly one is needed. Call UseSqlite(…)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_call_is_an_error_at_once()
    {
        var services = new ServiceCollection().AddReliability(reliability => reliability.UseSqlite("app.db"));

        Assert.Throws<InvalidOperationException>(() => services.AddReliability(reliability => reliability.UseSqlite("app.db")));
    }

    private static async Task<InvalidOperationException> FailsAsync(Action<ReliabilityBuilder> configure)
    {
        await using var application = new TestApplication().With(configure);
        return await Assert.ThrowsAsync<InvalidOperationException>(application.StartAsync);
    }
}
