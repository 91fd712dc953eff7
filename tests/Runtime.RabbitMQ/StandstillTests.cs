using System.Diagnostics;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>A broker whose process stands still: the kernel goes on taking its connections, and nobody answers.</summary>
public sealed class StandstillTests(OwnBroker own) : BrokerTest, IClassFixture<OwnBroker>
{
    private RabbitMqServer Server => own.Server;

    [Fact]
    public async Task Connecting_is_given_up_and_tried_again_until_the_broker_goes_on()
    {
        var queue = NewQueue();
        await Server.PauseAsync(Cancellation);
        ITransport transport;
        ISubscription subscription;
        try
        {
            transport = await StartAsync([queue], configure: options => options.ConnectTimeout = TimeSpan.FromMilliseconds(500));
            subscription = await SubscribeAsync(transport, queue);

            await LoggedAsync("publisher is not connected", "did not answer within 00:00:00.5", "RabbitMqOptions.ConnectTimeout");
            await LoggedAsync("receiver is not connected", "did not answer within 00:00:00.5");
            var outcome = await TryPublishAsync(transport, queue, "early");
            Assert.Equal(PublishStatus.Unavailable, outcome.Status);
            Assert.Contains("did not answer", outcome.Reason);
            Assert.Contains("did not answer", (await transport.CheckAsync(Cancellation)).Reason);
        }
        finally
        {
            await Server.ResumeAsync(Cancellation);
        }

        await PublishAsync(transport, queue, "late");
        await ReceiveAllAsync(subscription, ["late"]);
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task Closing_does_not_wait_for_an_attempt_to_connect()
    {
        await Server.PauseAsync(Cancellation);
        try
        {
            var transport = await StartAsync(["any"]);
            var subscription = await SubscribeAsync(transport, "any");
            var publishing = TryPublishAsync(transport, "any", "m");
            var clock = Stopwatch.StartNew();

            await subscription.DisposeAsync();
            await transport.DisposeAsync();

            // The attempt alone has 10 s.
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(7));
            Assert.Equal(PublishStatus.Unavailable, (await publishing).Status);
        }
        finally
        {
            await Server.ResumeAsync(Cancellation);
        }
    }

    [Fact]
    public async Task All_that_is_given_is_written_without_waiting_for_confirms_and_has_failed_at_the_time_limit()
    {
        var queue = NewQueue();
        var transport = await StartAsync([queue], configure: options => options.ConfirmTimeout = TimeSpan.FromSeconds(2));
        await PublishAsync(transport, queue, "before");

        await Server.PauseAsync(Cancellation);
        try
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => TryPublishAsync(transport, queue, $"m{number}")));

            // Not one was kept back by a limit of outstanding confirms: then it would be unavailable, for it was never written.
            Assert.All(outcomes, outcome => Assert.Equal(PublishStatus.Failed, outcome.Status));
            Assert.All(outcomes, outcome => Assert.Contains("not confirmed within 00:00:02", outcome.Reason));
        }
        finally
        {
            await Server.ResumeAsync(Cancellation);
        }

        await PublishAsync(transport, queue, "after");
    }

    protected override Task<Uri> BrokerAsync() => Task.FromResult(Server.Uri);
}
