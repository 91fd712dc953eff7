using System.Text;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using Reliability.Tests.Services;

namespace Reliability.Tests;

/// <summary>What tests of RabbitMQ's own behaviour share: transports with a log of their own, and words for what is done with them.</summary>
public abstract class BrokerTest : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<RabbitMqTransport> _transports = [];
    private readonly List<string> _queues = [];

    internal LogLines Log { get; } = new();

    protected CancellationToken Cancellation => _deadline.Token;

    /// <summary>The broker of these tests: the shared one, unless they need one to kill or to configure.</summary>
    protected virtual Task<Uri> BrokerAsync() => RabbitMqServer.SharedUriAsync();

    public virtual ValueTask InitializeAsync()
    {
        _deadline.CancelAfter(Deadline);
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports)
            await transport.DisposeAsync();

        // Shown by the runner where the test failed.
        foreach (var line in Log.All)
            TestContext.Current.TestOutputHelper?.WriteLine(line);

        if (_queues.Count > 0)
        {
            await using var raw = await RawBroker.OpenAsync(await BrokerAsync());
            foreach (var queue in _queues)
            {
                await raw.Channel.QueueDeleteAsync(queue);
                await raw.Channel.QueueDeleteAsync(queue + QueueArguments.DeadSuffix);
            }
        }

        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A queue's name that nobody else uses; removed at the end.</summary>
    protected string NewQueue()
    {
        var queue = $"test-{Guid.NewGuid():N}";
        _queues.Add(queue);
        return queue;
    }

    internal Task<RawBroker> RawAsync() => BrokerAsync().ContinueWith(uri => RawBroker.OpenAsync(uri.Result), TaskScheduler.Default).Unwrap();

    protected async Task<ITransport> StartAsync(string[] sources, string[]? routes = null, Action<RabbitMqOptions>? configure = null, bool ordered = false)
    {
        var options = new RabbitMqOptions
        {
            Uri = (await BrokerAsync()).OriginalString,
            QueueType = RabbitMqQueueType.Classic,
            FirstReconnectPause = TimeSpan.FromMilliseconds(20),
            LongestReconnectPause = TimeSpan.FromSeconds(1),
        };
        configure?.Invoke(options);
        var transport = new RabbitMqTransport(Options.Create(options), TimeProvider.System, Log);
        _transports.Add(transport);
        await transport.StartAsync(new Topology(sources, routes ?? sources) { OrderedSources = ordered ? sources : [] }, Cancellation);
        return transport;
    }

    protected ValueTask<ISubscription> SubscribeAsync(ITransport transport, string queue, int prefetch = 100) =>
        transport.SubscribeAsync(new SubscriptionRequest(queue, prefetch), Cancellation);

    protected static Envelope Message(string id, string body = "{}") => new() { MessageId = id, MessageName = "Tested", Body = Encoding.UTF8.GetBytes(body) };

    protected Task<PublishOutcome> TryPublishAsync(ITransport transport, string route, Envelope message) =>
        transport.PublishAsync(new OutgoingMessage(route, message), Cancellation);

    protected Task<PublishOutcome> TryPublishAsync(ITransport transport, string route, string id) => TryPublishAsync(transport, route, Message(id));

    /// <summary>Publishes as the relay does, until it is confirmed.</summary>
    protected async Task PublishAsync(ITransport transport, string route, string id)
    {
        while ((await TryPublishAsync(transport, route, id)).Status != PublishStatus.Confirmed)
            await Task.Delay(20, Cancellation);
    }

    protected async Task<Delivery> ReceiveAsync(ISubscription subscription)
    {
        var delivery = await subscription.Deliveries.ReadAsync(Cancellation);
        await subscription.SettleAsync([delivery], Cancellation);
        return delivery;
    }

    /// <summary>Receives and settles until all these ids have come, however often.</summary>
    protected async Task ReceiveAllAsync(ISubscription subscription, IEnumerable<string> ids)
    {
        var missing = ids.ToHashSet();
        while (missing.Count > 0)
            missing.Remove((await ReceiveAsync(subscription)).Envelope.MessageId);
    }

    internal Task<string> LoggedAsync(params string[] texts) => Log.WaitForAsync(Cancellation, texts);
}

/// <summary>Tests that do things to a whole broker, and so have one of their own, which all tests of the class share.</summary>
public sealed class OwnBroker : IAsyncLifetime
{
    private RabbitMqServer? _server;

    public RabbitMqServer Server => _server ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _server = await RabbitMqServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
