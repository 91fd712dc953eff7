using System.Collections.Concurrent;

namespace Reliability.Tests.Sending;

/// <summary>What a relay keeps in memory, what it costs when nothing happens, and what a silent transport can do to it.</summary>
public sealed class RelayLoadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transport_that_never_answers_holds_its_place_only_for_so_long()
    {
        var never = new TaskCompletionSource<PublishOutcome>();
        var transport = new ScriptedTransport((message, sends) => message.Envelope.MessageId == "0" && sends == 1 ? never.Task : Task.FromResult(PublishOutcome.Confirmed));
        await using var application = await transport.Application().With(reliability => reliability.Configure(options =>
            (options.Relay.Window, options.Relay.OutcomeTimeout) = (1, TimeSpan.FromSeconds(1)))).StartAsync();

        await application.Sender().PublishAsync(new Paid("0"), new PublishOptions { MessageId = "0" }, Cancellation);
        await application.Sender().PublishAsync(new Paid("1"), new PublishOptions { MessageId = "1" }, Cancellation);

        await application.SettledAsync();
        Assert.Equal(["0", "0", "1"], transport.Sent.Order());
        // An answer that comes after all is nobody's.
        never.SetResult(PublishOutcome.Confirmed);
        await application.Sender().PublishAsync(new Paid("2"), new PublishOptions { MessageId = "2" }, Cancellation);
        await application.SettledAsync();
        Assert.Contains("2", transport.Sent);
    }

    [Fact]
    public async Task Sending_goes_on_while_outcomes_are_written()
    {
        // With a window of one, ten sends only come about if a place is free before its outcome is written.
        var transport = new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Confirmed));
        await using var application = await transport.Application().With(reliability => reliability.Configure(options => options.Relay.Window = 4)).StartAsync();
        await application.Sender().PublishAsync(new Paid("first"), cancellationToken: Cancellation);
        await application.SettledAsync();
        transport.Sent.Clear();

        await using (var work = await application.Sender().BeginAsync(Cancellation))
        {
            for (var number = 0; number < 12; number++)
            {
                work.Outbox.Publish(new Paid($"{number}"));
            }

            await work.CommitAsync(Cancellation);
        }

        // The unit of work that is open now keeps this store's one writer: nothing can be written down.
        await using var writer = await application.Sender().BeginAsync(Cancellation);
        await Eventually.GetAsync(() => Task.FromResult(transport.Sent.Count), sent => sent == 12);
    }

    [Fact]
    public async Task Large_messages_are_taken_into_memory_only_as_far_as_the_limit_allows()
    {
        const int Body = 300_000;
        var held = new TaskCompletionSource<PublishOutcome>();
        var transport = new ScriptedTransport((_, _) => held.Task);
        await using var application = await transport.Application().With(reliability => reliability.Configure(options => options.Relay.MemoryLimit = 1024 * 1024)).StartAsync();

        for (var number = 0; number < 20; number++)
        {
            await application.Sender().PublishAsync(new Paid(new string('x', Body)), new PublishOptions { MessageId = $"{number}" }, Cancellation);
        }

        await Eventually.GetAsync(() => Task.FromResult(transport.Sent.Count), sent => sent >= 3);
        await Task.Delay(500, Cancellation);
        Assert.InRange(transport.Sent.Count, 3, 4);
        held.SetResult(PublishOutcome.Confirmed);

        await application.SettledAsync();
        Assert.Equal(20, transport.Sent.Distinct().Count());
    }

    [Fact]
    public async Task A_long_backlog_is_sent_with_few_rows_in_memory()
    {
        var atOnce = new ConcurrentDictionary<string, bool>();
        var transport = new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Confirmed));
        await using var application = await new TestApplication().StartAsync();
        await using (var work = await application.Store.BeginAsync(Cancellation))
        {
            foreach (var numbers in Enumerable.Range(0, 20_000).Chunk(5000))
            {
                await work.AddToOutboxAsync([.. numbers.Select(number => new OutboxRow
                {
                    Transport = transport.Name,
                    Route = "out",
                    OrderKey = number % 2 == 0 ? $"key-{number % 500}" : null,
                    Envelope = new Envelope { MessageId = $"{number}", MessageName = "Paid", Body = new byte[400] },
                })], null, Cancellation);
            }

            await work.CommitAsync(Cancellation);
        }

        await using var relay = new RelayProcess(application.Store, transport, application.Logs);

        await application.SettledAsync();
        Assert.Equal(20_000, transport.Sent.Distinct().Count());
        Assert.Equal(20_000, transport.Sent.Count);
    }

    [Fact]
    public void An_idle_holder_asks_the_store_less_and_less()
    {
        var time = new SteppedTime();
        var schedule = new IntakeSchedule(TimeSpan.FromSeconds(1), time);
        schedule.Looked();
        var looks = 0;

        for (var second = 0; second < 600; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            if (schedule.IsDue(TimeSpan.FromSeconds(5), out _))
            {
                schedule.Looked();
                looks++;
            }
        }

        // Every second at first, every five seconds in the end.
        Assert.InRange(looks, 120, 135);
        schedule.Active();
        schedule.Looked();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(schedule.IsDue(TimeSpan.FromSeconds(5), out _));
    }

    [Fact]
    public async Task An_idle_process_makes_about_one_statement_a_second_or_less()
    {
        await using var application = await new TestApplication().StartAsync();
        var life = new Life();
        var table = MortalProxy.Around(application.Store.Outbox, life);
        var intake = new OutboxIntake(table, "scripted", null, 100, new Lease("idle", TimeSpan.FromMinutes(1)), TimeSpan.FromMilliseconds(20), TimeProvider.System, application.Logs)
        {
            IdlePoll = TimeSpan.FromMilliseconds(500),
        };
        using var stop = new CancellationTokenSource();
        var running = intake.RunAsync(stop.Token);

        // After two seconds without a row the pauses are the longest.
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        var before = Volatile.Read(ref life.Calls);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);

        Assert.InRange(Volatile.Read(ref life.Calls) - before, 1, 7);
        await stop.CancelAsync();
        await running;
    }
}
