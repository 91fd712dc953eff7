namespace Reliability.Tests.Sending;

/// <summary>Several relays on one store: they share the keys, and take over from one that stops or dies.</summary>
public sealed class SharedStoreTests
{
    private const int Keys = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_relay_alone_sends_everything_in_order()
    {
        await using var application = await new TestApplication().StartAsync();
        var wire = Confirming();
        await using var relay = new RelayProcess(application.Store, wire.Transport, application.Logs);

        await PublishAsync(relay.Sender, 0, 200);
        await application.SettledAsync();

        Assert.Equal(200, wire.Confirmed.Count);
        wire.AssertOrdered();
        Assert.Equal(1, wire.MostAtOnceOfOneKey);
    }

    [Fact]
    public async Task Two_relays_share_the_keys_and_each_keeps_its_order()
    {
        await using var application = await new TestApplication().StartAsync();
        var wire = new KeyedWire((number, sends) => sends == 1 && number % 13 == 0 ? PublishOutcome.Failed("nacked") : PublishOutcome.Confirmed);
        var (first, second) = (new TransportOf(wire), new TransportOf(wire));
        await using var one = new RelayProcess(application.Store, first, application.Logs);
        await using var two = new RelayProcess(application.Store, second, application.Logs);
        var number = 0;

        // Until the second has its share.
        await Eventually.GetAsync(async () =>
        {
            await PublishAsync(one.Sender, number, Keys);
            number += Keys;
            await application.SettledAsync();
            return second.Sent;
        }, sent => sent > 0);
        (first.Sent, second.Sent) = (0, 0);
        for (var round = 0; round < 5; round++)
        {
            await PublishAsync(round % 2 == 0 ? one.Sender : two.Sender, number, 60);
            number += 60;
        }

        await application.SettledAsync();
        Assert.Equal(number, wire.Confirmed.Distinct().Count());
        wire.AssertOrdered();
        Assert.Equal(1, wire.MostAtOnceOfOneKey);
        Assert.True(first.Sent > 0 && second.Sent > 0, $"One sent {first.Sent}, the other {second.Sent}.");
    }

    [Fact]
    public async Task A_stopped_relays_keys_are_taken_over_without_waiting_for_its_leases()
    {
        await using var application = await new TestApplication().StartAsync();
        var wire = Confirming();
        var one = new RelayProcess(application.Store, wire.Transport, application.Logs, lease: TimeSpan.FromMinutes(10));
        await PublishAsync(one.Sender, 0, 40);
        await application.SettledAsync();

        await using var two = new RelayProcess(application.Store, wire.Transport, application.Logs, lease: TimeSpan.FromMinutes(10));
        await one.DisposeAsync();
        await PublishAsync(two.Sender, 40, 40);

        await application.SettledAsync();
        Assert.Equal(80, wire.Confirmed.Count);
        wire.AssertOrdered();
    }

    [Fact]
    public async Task A_killed_relays_keys_are_taken_over_when_its_leases_end_and_the_order_stays()
    {
        await using var application = await new TestApplication().StartAsync();
        var confirming = true;
        var wire = new KeyedWire((_, _) => PublishOutcome.Confirmed);
        // What the dying one has sent it never hears of.
        var silent = new TransportOf(wire) { Answers = () => Volatile.Read(ref confirming) };
        var one = new RelayProcess(application.Store, silent, application.Logs);
        await PublishAsync(one.Sender, 0, Keys);
        await application.SettledAsync();
        Volatile.Write(ref confirming, false);
        await PublishAsync(one.Sender, Keys, 3 * Keys);
        await Eventually.GetAsync(() => Task.FromResult(silent.Sent), sent => sent >= 2 * Keys);

        await one.KillAsync();
        await using var two = new RelayProcess(application.Store, wire.Transport, application.Logs);
        await PublishAsync(two.Sender, 4 * Keys, Keys);

        await application.SettledAsync();
        Assert.Equal(5 * Keys, wire.Confirmed.Distinct().Count());
        wire.AssertOrdered();
    }

    [Fact]
    public async Task A_relay_that_cannot_prolong_its_share_begins_no_more_of_its_keys()
    {
        await using var application = await new TestApplication().StartAsync();
        var time = new SteppedTime();
        var shares = new RelayShares(application.Store.Leases, "relay/scripted", new Lease("one", TimeSpan.FromSeconds(30)), time, application.Logs);
        using var stop = new CancellationTokenSource();
        var running = shares.RunAsync(stop.Token);
        await Eventually.GetAsync(() => Task.FromResult(shares.Claimable.Count), parts => parts == OutboxRow.Parts);
        Assert.True(shares.Holds(5));
        await stop.CancelAsync();
        await running;

        time.Advance(TimeSpan.FromSeconds(31));

        Assert.False(shares.Holds(5));
        Assert.Empty(shares.Claimable);
    }

    [Fact]
    public async Task What_is_above_the_fair_share_is_given_back_once_nothing_of_it_is_in_hand()
    {
        await using var application = await new TestApplication().StartAsync();
        var lease = TimeSpan.FromSeconds(1);
        var one = new RelayShares(application.Store.Leases, "relay/scripted", new Lease("one", lease), TimeProvider.System, application.Logs);
        var two = new RelayShares(application.Store.Leases, "relay/scripted", new Lease("two", lease), TimeProvider.System, application.Logs);
        using var stop = new CancellationTokenSource();
        var running = new List<Task> { one.RunAsync(stop.Token) };
        await Eventually.GetAsync(() => Task.FromResult(one.Claimable.Count), parts => parts == OutboxRow.Parts);
        for (var part = 0; part < OutboxRow.Parts; part++)
        {
            one.Count(part, 1);
        }

        running.Add(two.RunAsync(stop.Token));
        await Eventually.GetAsync(() => Task.FromResult(one.Claimable.Count), parts => parts == OutboxRow.Parts / 2);
        Assert.All(Enumerable.Range(0, OutboxRow.Parts), part => Assert.True(one.Holds(part)));
        Assert.Empty(two.Claimable);
        for (var part = 0; part < OutboxRow.Parts; part++)
        {
            one.Count(part, -1);
        }

        await Eventually.GetAsync(() => Task.FromResult(two.Claimable.Count), parts => parts == OutboxRow.Parts / 2);
        Assert.Equal(Enumerable.Range(0, OutboxRow.Parts), one.Claimable.Concat(two.Claimable).Order());
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    private static KeyedWire Confirming() => new((_, _) => PublishOutcome.Confirmed);

    private static async Task PublishAsync(IReliability sender, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            await sender.PublishAsync(new Paid($"{number}"), new PublishOptions { MessageId = $"{number}", Key = $"key-{number % Keys}" }, Cancellation);
        }
    }

    /// <summary>One process's way to a broker that others use too.</summary>
    private sealed class TransportOf(KeyedWire wire) : ITransport
    {
        private int _sent;

        public int Sent
        {
            get => Volatile.Read(ref _sent);
            set => Volatile.Write(ref _sent, value);
        }

        public Func<bool> Answers { get; init; } = () => true;

        public string Name => wire.Transport.Name;

        public int MaxBodyBytes => wire.Transport.MaxBodyBytes;

        public ValueTask StartAsync(Topology topology, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<ISubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken) => wire.Transport.SubscribeAsync(request, cancellationToken);

        public async Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _sent);
            var outcome = await wire.Transport.PublishAsync(message, cancellationToken);
            if (!Answers())
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);
            }

            return outcome;
        }

        public ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken) => wire.Transport.CheckAsync(cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
