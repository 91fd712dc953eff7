using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reliability.Tests.Operations;

public sealed class HealthTests
{
    [Fact]
    public async Task All_is_healthy_where_messages_come_and_go()
    {
        await using var application = await Application(_ => { }).StartAsync();

        var entry = await CheckAsync(application);

        Assert.Equal((HealthStatus.Healthy, "Messages come and go."), (entry.Status, entry.Description));
        Assert.Equal("connected", entry.Data["transport.local"]);
        Assert.Equal(0L, entry.Data["dead_letters"]);
        Assert.Equal(0d, entry.Data["outbox.local.oldest_age_seconds"]);
    }

    [Fact]
    public async Task More_dead_letters_than_allowed_degrade()
    {
        await using var application = await Application(options => options.MaxDeadLetters = 1).StartAsync();
        await application.DeliverAsync(new Envelope { MessageId = "m1", MessageName = "Paid", Body = "{"u8.ToArray() });
        await application.DeadLettersAsync(1);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(application)).Status);

        await application.DeliverAsync(new Envelope { MessageId = "m2", MessageName = "Paid", Body = "{"u8.ToArray() });
        await application.DeadLettersAsync(2);
        var entry = await CheckAsync(application);

        Assert.Equal((HealthStatus.Degraded, "2 dead letters wait for a person (the option allows 1)."), (entry.Status, entry.Description));
    }

    [Fact]
    public async Task A_relay_that_lags_degrades_and_then_is_unhealthy()
    {
        var confirm = new TaskCompletionSource<PublishOutcome>();
        var transport = new ScriptedTransport((_, _) => confirm.Task);
        var limit = TimeSpan.FromHours(1);
        await using var application = await transport.Application()
            .With(reliability => reliability.Services.AddHealthChecks().AddReliability(options => (options.DegradedLag, options.UnhealthyLag) = (TimeSpan.Zero, limit)))
            .With(reliability => reliability.Services.AddHealthChecks().AddReliability(
                options => (options.DegradedLag, options.UnhealthyLag) = (TimeSpan.Zero, TimeSpan.Zero), "strict")).StartAsync();
        await application.PublishAsync(new Paid("o1"));
        await Task.Delay(10, TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(application)).Status);
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(application, "strict")).Status);

        confirm.SetResult(PublishOutcome.Confirmed);
        await application.SettledAsync();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(application, "strict")).Status);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_unhealthy_and_its_password_stays_unsaid()
    {
        await using var application = await Application(_ => { })
            .With(reliability => reliability.UseRabbitMq("amqp://shop:hunter2@127.0.0.1:1/")).StartAsync();

        var entry = await Eventually.GetAsync(() => CheckAsync(application), entry => entry.Status == HealthStatus.Unhealthy);

        Assert.Contains("The broker of rabbitmq cannot be reached", entry.Description, StringComparison.Ordinal);
        Assert.Equal("away", entry.Data["transport.rabbitmq"]);
        Assert.DoesNotContain("hunter2", entry.Description + string.Join(' ', entry.Data.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_unhealthy_as_the_registration_calls_it()
    {
        await using var application = await Application(_ => { }).With(reliability => reliability.Services.AddHealthChecks()
            .AddReliability(name: "soft", failureStatus: HealthStatus.Degraded)).StartAsync();

        await application.ExecuteAsync("DROP TABLE reliability_dead_letter");

        Assert.Contains("cannot be reached: ", (await CheckAsync(application)).Description, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(application)).Status);
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(application, "soft")).Status);
    }

    [Fact]
    public async Task A_stopped_subscription_is_unhealthy_with_what_stopped_it_and_healthy_once_resumed()
    {
        var broken = true;
        await using var application = await new TestApplication()
            .Handle(
                (_, _) => Volatile.Read(ref broken) ? throw new InvalidOperationException("no configuration; Password=hunter2") : ValueTask.CompletedTask,
                handler => handler with { StopOn = [typeof(InvalidOperationException)] })
            .With(reliability => reliability.Services.AddHealthChecks().AddReliability()).StartAsync();
        await application.PublishAsync(new Paid("o1"));

        var entry = await Eventually.GetAsync(() => CheckAsync(application), entry => entry.Status == HealthStatus.Unhealthy);
        Assert.Contains("Test.Paid stopped the subscription of local 'paid' at message ", entry.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", entry.Description, StringComparison.Ordinal);
        Assert.Equal("stopped", entry.Data["subscription.local/paid"]);

        Volatile.Write(ref broken, false);
        await application.Services.GetRequiredService<ISubscriptions>().ResumeAsync(TransportNames.Local, "paid", TestContext.Current.CancellationToken);
        await application.SettledAsync();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(application)).Status);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_time_degrades()
    {
        var release = new TaskCompletionSource();
        await using var application = await new TestApplication()
            .Handle(async (_, _) => await release.Task, handler => handler with { Timeout = TimeSpan.FromMilliseconds(50) })
            .With(reliability => reliability.Services.AddHealthChecks().AddReliability()).StartAsync();
        await application.PublishAsync(new Paid("o1"));

        var entry = await Eventually.GetAsync(() => CheckAsync(application), entry => entry.Status == HealthStatus.Degraded);
        release.SetResult();

        Assert.Contains("Test.Paid runs for ", entry.Description, StringComparison.Ordinal);
        Assert.Equal(1, entry.Data["stuck_handlers"]);
    }

    private static TestApplication Application(Action<ReliabilityHealthOptions> configure) => new TestApplication()
        .Handle((_, _) => ValueTask.CompletedTask)
        .With(reliability => reliability.Services.AddHealthChecks().AddReliability(configure));

    private static async Task<HealthReportEntry> CheckAsync(TestApplication application, string name = "reliability") =>
        (await application.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries[name];
}
