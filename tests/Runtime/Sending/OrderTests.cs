using System.Collections.Concurrent;

namespace Reliability.Tests.Sending;

/// <summary>Messages of one key are confirmed in the order in which they were written, whatever fails.</summary>
public sealed class OrderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_keys_messages_are_confirmed_in_their_order_though_sends_fail_and_the_broker_goes_away()
    {
        var wire = new KeyedWire((number, sends) => sends > 1 ? PublishOutcome.Confirmed : (number % 7) switch
        {
            0 => PublishOutcome.Failed("nacked"),
            3 => PublishOutcome.Unavailable("connection lost"),
            _ => PublishOutcome.Confirmed,
        });
        await using var application = await wire.Transport.Application().StartAsync();

        await PublishAsync(application, keys: 20, messages: 300);
        await application.SettledAsync();

        Assert.Equal(300, wire.Confirmed.Count);
        wire.AssertOrdered();
        Assert.Equal(1, wire.MostAtOnceOfOneKey);
        Assert.Equal(0, await application.Store.CountDeadLettersAsync(Cancellation));
    }

    [Fact]
    public async Task Small_windows_and_a_backlog_keep_the_order_too()
    {
        var wire = new KeyedWire((number, sends) => sends == 1 && number % 11 == 0 ? PublishOutcome.Failed("nacked") : PublishOutcome.Confirmed);
        await using var application = await wire.Transport.Application().With(reliability => reliability.Configure(options => options.Relay.Window = 3)).StartAsync();

        await PublishAsync(application, keys: 5, messages: 200, atOnce: 10);
        await application.SettledAsync();

        Assert.Equal(200, wire.Confirmed.Count);
        wire.AssertOrdered();
    }

    [Fact]
    public async Task A_failed_message_holds_back_the_later_ones_of_its_key_and_no_others()
    {
        var fails = true;
        var wire = new KeyedWire((number, _) => number == 0 && Volatile.Read(ref fails) ? PublishOutcome.Failed("nacked") : PublishOutcome.Confirmed);
        await using var application = await wire.Transport.Application().With(reliability => reliability.Configure(options => options.Relay.Attempts = 100)).StartAsync();

        await PublishAsync(application, keys: 2, messages: 10);
        await Eventually.GetAsync(() => Task.FromResult(wire.Confirmed.Count), confirmed => confirmed == 5);
        // A fresh one must not overtake what waits in the store.
        await application.Sender().PublishAsync(new Paid("1000"), new PublishOptions { MessageId = "1000", Key = "key-0" }, Cancellation);
        await Eventually.GetAsync(() => Task.FromResult(wire.Sends(0)), sends => sends >= 2);
        Assert.Equal([1, 3, 5, 7, 9], wire.Confirmed);
        Volatile.Write(ref fails, false);

        await application.SettledAsync();
        Assert.Equal([0, 2, 4, 6, 8, 1000], wire.Confirmed.Skip(5));
    }

    [Fact]
    public async Task Messages_without_a_key_wait_for_nobody()
    {
        var transport = new ScriptedTransport((message, sends) => Task.FromResult(message.Envelope.MessageId == "0" && sends == 1 ? PublishOutcome.Failed("nacked") : PublishOutcome.Confirmed));
        await using var application = await transport.Application().StartAsync();

        for (var number = 0; number < 5; number++)
        {
            await application.Sender().PublishAsync(new Paid($"{number}"), new PublishOptions { MessageId = $"{number}" }, Cancellation);
        }

        await application.SettledAsync();
        Assert.Equal(["0", "1", "2", "3", "4", "0"], transport.Sent);
    }

    [Fact]
    public async Task A_dead_letter_lets_the_next_of_its_key_go()
    {
        var wire = new KeyedWire((number, _) => number == 0 ? PublishOutcome.Failed("returned") : PublishOutcome.Confirmed);
        await using var application = await wire.Transport.Application().With(reliability => reliability.Configure(options => options.Relay.Attempts = 2)).StartAsync();

        await PublishAsync(application, keys: 1, messages: 5);
        await application.SettledAsync();

        Assert.Equal([1, 2, 3, 4], wire.Confirmed);
        Assert.Equal(2, wire.Sends(0));
        Assert.Equal("0", Assert.Single(await application.DeadLettersAsync(1)).Envelope.MessageId);
        // The key is no longer held back: what comes now comes from memory.
        await application.Sender().PublishAsync(new Paid("6"), new PublishOptions { MessageId = "6", Key = "key-0" }, Cancellation);
        await application.SettledAsync();
        Assert.Equal([1, 2, 3, 4, 6], wire.Confirmed);
    }

    [Fact]
    public async Task The_order_outlives_a_restart()
    {
        var fails = true;
        var wire = new KeyedWire((number, _) => number == 0 && Volatile.Read(ref fails) ? PublishOutcome.Failed("nacked") : PublishOutcome.Confirmed);
        await using var application = await wire.Transport.Application().With(reliability => reliability.Configure(options => options.Relay.Attempts = 100)).StartAsync();
        await PublishAsync(application, keys: 1, messages: 4);
        await Eventually.GetAsync(() => Task.FromResult(wire.Sends(0)), sends => sends >= 1);

        await application.StopAsync();
        await application.StartAsync();
        Volatile.Write(ref fails, false);

        await application.SettledAsync();
        Assert.Equal([0, 1, 2, 3], wire.Confirmed);
    }

    [Fact]
    public async Task Without_order_per_key_a_window_of_one_key_is_sent_at_once()
    {
        var all = new TaskCompletionSource<PublishOutcome>();
        var transport = new ScriptedTransport((_, _) => all.Task);
        await using var application = await transport.Application().With(reliability => reliability.Configure(options => options.Relay.OrderPerKey = false)).StartAsync();

        await PublishAsync(application, keys: 1, messages: 20);
        await Eventually.GetAsync(() => Task.FromResult(transport.Sent.Count), sent => sent == 20);
        all.SetResult(PublishOutcome.Confirmed);

        await application.SettledAsync();
    }

    private static async Task PublishAsync(TestApplication application, int keys, int messages, int atOnce = 1)
    {
        foreach (var numbers in Enumerable.Range(0, messages).Chunk(atOnce))
        {
            await using var work = await application.Sender().BeginAsync(Cancellation);
            foreach (var number in numbers)
            {
                work.Outbox.Publish(new Paid($"{number}"), new PublishOptions { MessageId = $"{number}", Key = $"key-{number % keys}" });
            }

            await work.CommitAsync(Cancellation);
        }
    }
}

/// <summary>A broker that remembers what it confirmed, in which order, and how many of one key were with it at once.</summary>
internal sealed class KeyedWire
{
    private readonly ConcurrentDictionary<string, int> _atOnce = new();
    private readonly ConcurrentDictionary<int, int> _sends = new();
    private int _most;

    public KeyedWire(Func<int, int, PublishOutcome> answer) => Transport = new ScriptedTransport(async (message, sends) =>
    {
        var key = message.Envelope.Key!;
        var atOnce = _atOnce.AddOrUpdate(key, 1, (_, count) => count + 1);
        for (var most = Volatile.Read(ref _most); atOnce > most; most = Volatile.Read(ref _most))
        {
            Interlocked.CompareExchange(ref _most, atOnce, most);
        }

        var number = int.Parse(message.Envelope.MessageId, System.Globalization.CultureInfo.InvariantCulture);
        _sends[number] = sends;
        // Confirms come back on other threads, and not in the order of the sends.
        await Task.Delay(number % 3, CancellationToken.None);
        var outcome = answer(number, sends);
        _atOnce.AddOrUpdate(key, 0, (_, count) => count - 1);
        if (outcome.Status == PublishStatus.Confirmed)
        {
            Confirmed.Enqueue(number);
        }

        return outcome;
    });

    public ScriptedTransport Transport { get; }

    public ConcurrentQueue<int> Confirmed { get; } = new();

    public int MostAtOnceOfOneKey => _most;

    public int Sends(int number) => _sends.GetValueOrDefault(number);

    /// <summary>By number, since numbers are given out in the order of writing; a repeat of what was confirmed is harmless.</summary>
    public void AssertOrdered(int keys = 20)
    {
        foreach (var key in Confirmed.Distinct().GroupBy(number => number % keys))
        {
            Assert.Equal(key.Order(), key);
        }
    }
}
