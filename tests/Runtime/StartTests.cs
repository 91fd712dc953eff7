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
