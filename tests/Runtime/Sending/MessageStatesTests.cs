namespace Reliability.Tests.Sending;

/// <summary>Where a message is, asked by its id.</summary>
public sealed class MessageStatesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_pending_then_sent_where_audit_is_on()
    {
        var confirm = new TaskCompletionSource<PublishOutcome>();
        var transport = new ScriptedTransport((_, _) => confirm.Task);
        await using var application = await transport.Application().With(reliability => reliability.Configure(options => options.Audit.Enabled = true)).StartAsync();

        Assert.Null(await application.Sender().FindAsync("m1", Cancellation));
        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { MessageId = "m1" }, Cancellation);
        Assert.Equal(MessageState.Pending, (await application.Sender().FindAsync("m1", Cancellation))?.State);
        confirm.SetResult(PublishOutcome.Confirmed);
        await application.SettledAsync();

        var status = await application.Sender().FindAsync("m1", Cancellation);
        Assert.Equal((MessageState.Sent, "scripted", "out"), (status!.State, status.Transport, status.Route));
    }

    [Fact]
    public async Task Without_audit_nothing_is_known_of_what_has_left()
    {
        await using var application = await new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Confirmed)).Application().StartAsync();

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { MessageId = "m1" }, Cancellation);
        await application.SettledAsync();

        Assert.Null(await application.Sender().FindAsync("m1", Cancellation));
    }

    [Fact]
    public async Task A_message_that_could_not_be_sent_has_failed()
    {
        await using var application = await new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Refused("too large"))).Application().StartAsync();

        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { MessageId = "m1" }, Cancellation);
        await application.DeadLettersAsync(1);

        Assert.Equal(MessageState.Failed, (await application.Sender().FindAsync("m1", Cancellation))?.State);
    }
}
