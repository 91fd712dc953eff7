using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>The loops that run while the host does: one per source, one per transport, deferral, retention, the watch over handlers.</summary>
internal sealed class Workers(
    IMessageStore store, HandlerCatalog catalog, OutboxIntakes intakes, MessageReader reader, Receiver receiver, Subscriptions states, DeferralLoop deferral,
    InboxRetention retention, HandlerWatch watch, ReliabilityOptions options, TimeProvider time, ILoggerFactory logs)
{
    private readonly string _owner = $"relay-{Guid.NewGuid():N}";

    /// <summary>Opens every subscription and lane.</summary>
    /// <returns>A task that ends when all loops have ended: how many deliveries were given back.</returns>
    public async Task<Task<int>> StartAsync(CancellationToken stop, CancellationToken abort)
    {
        var lanes = catalog.Transports.Where(transport => transport.Name != TransportNames.Local).Select(Lane).ToList();
        var opened = new List<(SourceLoop Loop, ISubscription First)>();
        var log = logs.CreateLogger<SourceLoop>();
        foreach (var (name, source) in catalog.Sources)
        {
            var transport = catalog.FindTransport(name)!;
            var plan = SourcePlan.Of(name, source, catalog.HandlersOf(name, source), options, store);
            var loop = new SourceLoop(plan, transport, states.Of(name, source), states, reader, receiver, log);
            opened.Add((loop, await transport.SubscribeAsync(plan.Request, stop).ConfigureAwait(false)));
        }

        var receiving = opened.ConvertAll(source => Task.Run(() => source.Loop.RunAsync(source.First, stop, abort), CancellationToken.None));
        return RunAsync(receiving, lanes, stop, abort);
    }

    private async Task<int> RunAsync(List<Task<int>> receiving, List<RelayLane> lanes, CancellationToken stop, CancellationToken abort)
    {
        // Lanes go on until receiving has ended, so that what the last handlers sent still leaves.
        using var received = new CancellationTokenSource();
        var sending = lanes.ConvertAll(lane => Task.Run(() => lane.RunAsync(received.Token, abort), CancellationToken.None));
        var watching = Task.Run(() => watch.RunAsync(received.Token), CancellationToken.None);
        var others = new[] { Task.Run(() => deferral.RunAsync(stop, abort), CancellationToken.None), Task.Run(() => retention.RunAsync(stop), CancellationToken.None) };

        var returned = await Task.WhenAll(receiving).ConfigureAwait(false);
        await Task.WhenAll(others).ConfigureAwait(false);
        await received.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll([watching, .. sending]).ConfigureAwait(false);
        lanes.ForEach(lane => lane.Dispose());
        return returned.Sum();
    }

    private RelayLane Lane(ITransport transport)
    {
        var log = logs.CreateLogger<RelayLane>();
        // Twice the window: enough in hand to refill it while the store is asked for more.
        var intake = new OutboxIntake(
            store.Outbox, transport.Name, route: null, options.Relay.Window * 2, new Lease(_owner, options.Relay.Lease), options.Relay.PollInterval, time, log);
        intakes.Add(intake);
        return new RelayLane(transport, store, intake, options.Relay, time, log);
    }
}
