using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>The loops that run while the host does: one per source, one per transport, deferral, retention, the watch over handlers.</summary>
internal sealed class Workers(
    HandlerCatalog catalog, IMessageStore store, Relays relays, MessageReader reader, Receiver receiver, Subscriptions states, DeferralLoop deferral,
    InboxRetention retention, HandlerWatch watch, ReliabilityOptions options, ILoggerFactory logs)
{
    /// <summary>Opens every subscription and lane.</summary>
    /// <returns>A task that ends when all loops have ended: how many deliveries were given back.</returns>
    public async Task<Task<int>> StartAsync(CancellationToken stop, CancellationToken abort)
    {
        relays.Open();
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
        return RunAsync(receiving, stop, abort);
    }

    private async Task<int> RunAsync(List<Task<int>> receiving, CancellationToken stop, CancellationToken abort)
    {
        // Lanes go on until receiving has ended, so that what the last handlers sent still leaves.
        using var received = new CancellationTokenSource();
        var sending = relays.RunAsync(received.Token, abort);
        var watching = Task.Run(() => watch.RunAsync(received.Token), CancellationToken.None);
        var others = new[] { Task.Run(() => deferral.RunAsync(stop, abort), CancellationToken.None), Task.Run(() => retention.RunAsync(stop), CancellationToken.None) };

        var returned = await Task.WhenAll(receiving).ConfigureAwait(false);
        await Task.WhenAll(others).ConfigureAwait(false);
        await received.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(watching, sending).ConfigureAwait(false);
        return returned.Sum();
    }
}
