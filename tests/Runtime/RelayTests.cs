namespace Reliability.Tests;

public sealed class RelayTests
{
    [Fact]
    public async Task A_row_leaves_the_outbox_only_after_the_confirm()
    {
        var confirm = new TaskCompletionSource<PublishOutcome>();
        var transport = new ScriptedTransport((_, _) => confirm.Task);
        await using var application = await transport.Application().StartAsync();

        await application.PublishAsync(new Paid("1"));
        await Eventually.GetAsync(() => Task.FromResult(transport.Sent.Count), sent => sent == 1);
        Assert.Equal(1, await RowsAsync(application));
        confirm.SetResult(PublishOutcome.Confirmed);

        await application.SettledAsync();
    }

    [Fact]
    public async Task A_message_that_was_not_taken_is_sent_again_under_the_same_id()
    {
        var transport = new ScriptedTransport((_, sends) => Task.FromResult(sends < 3 ? PublishOutcome.Failed("returned") : PublishOutcome.Confirmed));
        await using var application = await transport.Application().StartAsync();

        await application.PublishAsync(new Paid("1"));
        await application.SettledAsync();

        Assert.Equal(3, transport.Sent.Count);
        Assert.Single(transport.Sent.Distinct());
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task After_its_attempts_an_outgoing_message_is_a_dead_letter_with_the_brokers_reason()
    {
        var transport = new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Failed("returned: no queue takes it")));
        await using var application = await transport.Application().With(reliability => reliability.Configure(options => options.Relay.Attempts = 2)).StartAsync();

        await application.PublishAsync(new Paid("1"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((true, "scripted", "out", DeadLetterReason.Undeliverable, 2), (letter.IsOutgoing, letter.Transport, letter.Source, letter.Reason, letter.Attempts));
        Assert.Equal("returned: no queue takes it", letter.Error);
        await application.SettledAsync();
    }

    [Fact]
    public async Task A_refused_message_is_a_dead_letter_at_once()
    {
        var transport = new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Refused("too large for the broker")));
        await using var application = await transport.Application().StartAsync();

        await application.PublishAsync(new Paid("1"));

        Assert.Equal("too large for the broker", Assert.Single(await application.DeadLettersAsync(1)).Error);
        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task A_broker_that_is_away_costs_no_attempt_and_nothing_is_lost()
    {
        var away = true;
        var transport = new ScriptedTransport((_, _) => Task.FromResult(Volatile.Read(ref away) ? PublishOutcome.Unavailable("connection refused") : PublishOutcome.Confirmed));
        await using var application = await transport.Application().With(reliability => reliability.Configure(options => options.Relay.Attempts = 2)).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 50).Select(number => new Paid($"{number}")));
        await Eventually.GetAsync(() => Task.FromResult(transport.Sent.Count), sent => sent >= 4);
        Assert.Equal(50, await RowsAsync(application));
        Volatile.Write(ref away, false);

        await application.SettledAsync();
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(TestContext.Current.CancellationToken));
        Assert.Equal(50, transport.Sent.Distinct().Count());
    }

    [Fact]
    public async Task A_host_that_stops_does_not_wait_for_a_broker_that_is_away()
    {
        var transport = new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Unavailable("connection refused")));
        await using var application = await transport.Application().StartAsync();
        await application.PublishAsync(Enumerable.Range(0, 200).Select(number => new Paid($"{number}")));
        await Eventually.GetAsync(() => Task.FromResult(transport.Sent.Count), sent => sent >= 3);

        await application.StopAsync();

        Assert.DoesNotContain(application.Logs.Lines, line => line.Contains("did not finish within", StringComparison.Ordinal));
        await application.StartAsync();
        Assert.Equal(200, await RowsAsync(application));
    }

    [Fact]
    public async Task A_transport_that_throws_loses_nothing()
    {
        var transport = new ScriptedTransport((_, sends) => sends == 1 ? throw new InvalidOperationException("broken") : Task.FromResult(PublishOutcome.Confirmed));
        await using var application = await transport.Application().StartAsync();

        await application.PublishAsync(new Paid("1"));
        await application.SettledAsync();

        Assert.Equal(2, transport.Sent.Count);
    }

    [Fact]
    public async Task What_an_earlier_process_left_is_sent_after_the_start()
    {
        var away = true;
        var transport = new ScriptedTransport((_, _) => Task.FromResult(Volatile.Read(ref away) ? PublishOutcome.Unavailable("away") : PublishOutcome.Confirmed));
        await using var application = await transport.Application().StartAsync();
        await application.PublishAsync(new Paid("1"));
        await application.StopAsync();

        Volatile.Write(ref away, false);
        await application.StartAsync();
        await application.SettledAsync();

        Assert.Single(transport.Sent.Distinct());
    }

    [Fact]
    public async Task More_rows_than_fit_in_hand_are_all_sent_once_and_in_order()
    {
        var transport = new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Confirmed));
        await using var application = await transport.Application().With(reliability => reliability.Configure(options => options.Relay.Window = 4)).StartAsync();
        var ids = new List<string>();

        foreach (var number in Enumerable.Range(0, 300))
        {
            await using var work = await application.Sender().BeginAsync(TestContext.Current.CancellationToken);
            work.Outbox.Publish(new Paid($"{number}"), new PublishOptions { MessageId = $"{number}" });
            ids.Add($"{number}");
            await work.CommitAsync(TestContext.Current.CancellationToken);
        }

        await application.SettledAsync();
        Assert.Equal(ids, transport.Sent);
    }

    private static async Task<long> RowsAsync(TestApplication application) =>
        await application.Store.CountOutboxAsync(TestContext.Current.CancellationToken);
}
