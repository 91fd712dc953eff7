namespace Reliability.Tests.Sending;

/// <summary>Several relays on one store: they share the keys, and take over from one that stops or dies.</summary>
public abstract class SharedStoreTests : IAsyncLifetime
{
    private const int Keys = 20;
    private readonly RecordedLogs _logs = new();
    private IMessageStore? _store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The store as one more process opens it.</summary>
    protected abstract ValueTask<IMessageStore> OpenAsync();

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task One_relay_alone_sends_everything_in_order()
    {
        var wire = Confirming();
        await using var relay = await ProcessAsync(wire.Transport);

        await PublishAsync(relay.Sender, 0, 200);
        await SettledAsync();

        Assert.Equal(200, wire.Confirmed.Count);
        wire.AssertOrdered();
        Assert.Equal(1, wire.MostAtOnceOfOneKey);
    }

    [Fact]
    public async Task Two_relays_share_the_keys_and_each_keeps_its_order()
    {
        var wire = new KeyedWire((number, sends) => sends == 1 && number % 13 == 0 ? PublishOutcome.Failed("nacked") : PublishOutcome.Confirmed);
        var (first, second) = (new TransportOf(wire), new TransportOf(wire));
        await using var one = await ProcessAsync(first);
        await using var two = await ProcessAsync(second);
        var number = 0;

        // Until the second has its share.
        await Eventually.GetAsync(async () =>
        {
            await PublishAsync(one.Sender, number, Keys);
            number += Keys;
            await SettledAsync();
            return second.Sent;
        }, sent => sent > 0);
        (first.Sent, second.Sent) = (0, 0);
        for (var round = 0; round < 5; round++)
        {
            await PublishAsync(round % 2 == 0 ? one.Sender : two.Sender, number, 60);
            number += 60;
        }

        await SettledAsync();
        Assert.Equal(number, wire.Confirmed.Distinct().Count());
        wire.AssertOrdered();
        Assert.Equal(1, wire.MostAtOnceOfOneKey);
        Assert.True(first.Sent > 0 && second.Sent > 0, $"One sent {first.Sent}, the other {second.Sent}.");
    }

    [Fact]
    public async Task A_stopped_relays_keys_are_taken_over_without_waiting_for_its_leases()
    {
        var wire = Confirming();
        var one = await ProcessAsync(wire.Transport, lease: TimeSpan.FromMinutes(10));
        await PublishAsync(one.Sender, 0, 40);
        await SettledAsync();

        await using var two = await ProcessAsync(wire.Transport, lease: TimeSpan.FromMinutes(10));
        await one.DisposeAsync();
        await PublishAsync(two.Sender, 40, 40);

        await SettledAsync();
        Assert.Equal(80, wire.Confirmed.Count);
        wire.AssertOrdered();
    }

    [Fact]
    public async Task A_killed_relays_keys_are_taken_over_when_its_leases_end_and_the_order_stays()
    {
        var confirming = true;
        var wire = new KeyedWire((_, _) => PublishOutcome.Confirmed);
        // What the dying one has sent it never hears of.
        var silent = new TransportOf(wire) { Answers = () => Volatile.Read(ref confirming) };
        var one = await ProcessAsync(silent);
        await PublishAsync(one.Sender, 0, Keys);
        await SettledAsync();
        Volatile.Write(ref confirming, false);
        await PublishAsync(one.Sender, Keys, 3 * Keys);
        await Eventually.GetAsync(() => Task.FromResult(silent.Sent), sent => sent >= 2 * Keys);

        await one.KillAsync();
        await using var two = await ProcessAsync(wire.Transport);
        await PublishAsync(two.Sender, 4 * Keys, Keys);

        await SettledAsync();
        Assert.Equal(5 * Keys, wire.Confirmed.Distinct().Count());
        wire.AssertOrdered();
    }

    [Fact]
    public async Task A_relay_that_cannot_prolong_its_share_begins_no_more_of_its_keys()
    {
        var time = new SteppedTime();
        var shares = new RelayShares(_store!.Leases, "relay/scripted", new Lease("one", TimeSpan.FromSeconds(30)), time, _logs);
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
        var lease = TimeSpan.FromSeconds(1);
        var one = new RelayShares(_store!.Leases, "relay/scripted", new Lease("one", lease), TimeProvider.System, _logs);
        var two = new RelayShares(_store!.Leases, "relay/scripted", new Lease("two", lease), TimeProvider.System, _logs);
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

    [Theory]
    [InlineData(null, false)]
    [InlineData("out", false)]
    [InlineData(null, true)]
    [InlineData("out", true)]
    public async Task A_claim_ends_before_the_row_that_would_exceed_its_bytes(string? route, bool ordered)
    {
        await using (var work = await _store!.BeginAsync(Cancellation))
        {
            await work.AddToOutboxAsync([.. Enumerable.Range(0, 5).Select(number => new OutboxRow
            {
                Transport = "scripted",
                Route = "out",
                OrderKey = "key",
                Envelope = new Envelope { MessageId = $"{number}", Body = new byte[100_000] },
            })], null, Cancellation);
            await work.CommitAsync(Cancellation);
        }

        async Task<int> ClaimAsync(long bytes) => (await _store.Outbox.ClaimAsync(
            new OutboxClaim("scripted", route, 100, new Lease("one", TimeSpan.FromMinutes(1))) { MaxBytes = bytes, Parts = ordered ? AllParts.Instance.Claimable : null }, Cancellation)).Count;

        Assert.Equal(1, await ClaimAsync(10));
        Assert.Equal(2, await ClaimAsync(299_999));
        Assert.Equal(2, await ClaimAsync(long.MaxValue));
    }

    private async Task<RelayProcess> ProcessAsync(ITransport transport, TimeSpan? lease = null) => new(await OpenAsync(), transport, _logs, lease);

    private Task SettledAsync() => Eventually.GetAsync(async () => await _store!.CountOutboxAsync(Cancellation), rows => rows == 0);

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

/// <summary>A store that says it is shared: SQLite's own leases, order and claims, by several relays of one process.</summary>
public sealed class SharedSqliteTests : SharedStoreTests
{
    private TestApplication? _application;

    protected override async ValueTask<IMessageStore> OpenAsync() => (_application ??= await new TestApplication().StartAsync()).Store;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _application!.DisposeAsync();
    }
}

/// <summary>PostgreSQL, by a store and connections of each relay's own.</summary>
public sealed class SharedPostgreSqlTests : SharedStoreTests
{
    private readonly PostgreSqlDatabase _place = new();
    private readonly List<IMessageStore> _stores = [];

    protected override async ValueTask<IMessageStore> OpenAsync()
    {
        var store = await _place.OpenAsync();
        _stores.Add(store);
        await store.StartAsync(Array.Empty<ConsumerRegistration>(), TestContext.Current.CancellationToken);
        return store;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        await _place.DisposeAsync();
    }
}
