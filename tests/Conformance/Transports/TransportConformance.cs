using System.Text;

namespace Reliability.Conformance;

/// <summary>What the suites of a transport share: one started instance with one source, and words for what tests do with it.</summary>
public abstract class TransportConformance(ITransportPlace place) : IAsyncLifetime
{
    protected const int MaxBodyBytes = 2 * 1024 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly List<ITransport> _transports = [];
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    protected ITransportPlace Place => place;

    /// <summary>Ends what waits for something that does not come.</summary>
    protected CancellationToken Cancellation => _deadline.Token;

    protected ITransport Transport => _transports[0];

    protected string Source { get; } = place.NewSource();

    public async ValueTask InitializeAsync()
    {
        _deadline.CancelAfter(Deadline);
        await StartAsync(Source);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports)
            await transport.DisposeAsync();

        await place.DisposeAsync();
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One more instance, as a second process would have.</summary>
    protected async Task<ITransport> StartAsync(params string[] sources)
    {
        var transport = await place.OpenAsync(MaxBodyBytes);
        _transports.Add(transport);
        await transport.StartAsync(new Topology(sources, sources), Cancellation);
        return transport;
    }

    protected async Task<ISubscription> SubscribeAsync(int prefetch = 100, string? source = null, ITransport? transport = null) =>
        await (transport ?? Transport).SubscribeAsync(new SubscriptionRequest(source ?? Source, prefetch), Cancellation);

    protected static Envelope Message(string id, string body = "{}") => new() { MessageId = id, MessageName = "Tested", Body = Encoding.UTF8.GetBytes(body) };

    protected Task<PublishOutcome> TryPublishAsync(Envelope message, string? route = null) =>
        Transport.PublishAsync(new OutgoingMessage(route ?? Source, message), Cancellation);

    /// <summary>
    /// Publishes, as the relay does: what was not taken is sent again. A broker may be away, or nack while a queue that was just declared has no leader yet.
    /// </summary>
    protected async Task PublishAsync(Envelope message, string? route = null, ITransport? transport = null)
    {
        while (true)
        {
            var outcome = await (transport ?? Transport).PublishAsync(new OutgoingMessage(route ?? Source, message), Cancellation);
            if (outcome == PublishOutcome.Confirmed)
                return;

            Assert.NotEqual(PublishStatus.Refused, outcome.Status);
            await Task.Delay(20, Cancellation);
        }
    }

    protected async Task PublishAsync(int count, string prefix = "m")
    {
        for (var number = 0; number < count; number++)
            await PublishAsync(Message($"{prefix}{number}"));
    }

    protected async Task<Delivery> ReceiveAsync(ISubscription subscription) => await subscription.Deliveries.ReadAsync(Cancellation);

    protected async Task<List<Delivery>> ReceiveAsync(ISubscription subscription, int count)
    {
        var deliveries = new List<Delivery>();
        while (deliveries.Count < count)
            deliveries.Add(await ReceiveAsync(subscription));

        return deliveries;
    }

    /// <summary>Receives and settles until messages of all these ids have come, however often.</summary>
    protected async Task ReceiveAllAsync(ISubscription subscription, IEnumerable<string> ids)
    {
        var missing = ids.ToHashSet();
        while (missing.Count > 0)
        {
            var delivery = await ReceiveAsync(subscription);
            missing.Remove(delivery.Envelope.MessageId);
            await SettleAsync(subscription, delivery);
        }
    }

    protected ValueTask SettleAsync(ISubscription subscription, params Delivery[] deliveries) => subscription.SettleAsync(deliveries, Cancellation);

    protected static List<string> Ids(IEnumerable<Delivery> deliveries) => [.. deliveries.Select(delivery => delivery.Envelope.MessageId)];

    protected static List<string> Numbered(int count, string prefix = "m") => [.. Enumerable.Range(0, count).Select(number => $"{prefix}{number}")];
}
