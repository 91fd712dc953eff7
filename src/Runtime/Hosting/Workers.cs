using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>The loops that run while the host does: one per source, one per transport, deferral and retention.</summary>
internal sealed class Workers(
    HandlerCatalog catalog, Relays relays, MessageReader reader, Receiver receiver, DeferralLoop deferral,
    InboxRetention retention, ReliabilityOptions options, ILoggerFactory logs)
{
    /// <summary>Opens every subscription and lane.</summary>
    /// <returns>A task that ends when all loops have ended: how many deliveries were given back.</returns>
    public async Task<Task<int>> StartAsync(CancellationToken stop, CancellationToken abort)
    {
        relays.Open();
        var subscriptions = new List<ISubscription>();
        var receiving = new List<Task<int>>();
        foreach (var (transport, source) in catalog.Sources)
        {
            var subscription = await catalog.FindTransport(transport)!.SubscribeAsync(new SubscriptionRequest(source, options.Prefetch), stop).ConfigureAwait(false);
            subscriptions.Add(subscription);
            var limit = catalog.HandlersOf(transport, source).Min(handler => handler.Group);
            var loop = new SubscriptionLoop(transport, subscription, limit, reader, receiver, source, logs.CreateLogger<SubscriptionLoop>());
            receiving.Add(Task.Run(() => loop.RunAsync(stop, abort), CancellationToken.None));
        }

        return RunAsync(receiving, subscriptions, stop, abort);
    }

    private async Task<int> RunAsync(List<Task<int>> receiving, List<ISubscription> subscriptions, CancellationToken stop, CancellationToken abort)
    {
        // Lanes go on until receiving has ended, so that what the last handlers sent still leaves.
        using var received = new CancellationTokenSource();
        var sending = relays.RunAsync(received.Token, abort);
        var others = new[] { Task.Run(() => deferral.RunAsync(stop, abort), CancellationToken.None), Task.Run(() => retention.RunAsync(stop), CancellationToken.None) };

        var returned = await Task.WhenAll(receiving).ConfigureAwait(false);
        await Task.WhenAll(others).ConfigureAwait(false);
        // At once: one that waits for its broker's goodbye does not hold up the others.
        await Task.WhenAll(subscriptions.Select(subscription => subscription.DisposeAsync().AsTask())).ConfigureAwait(false);
        await received.CancelAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(false);
        return returned.Sum();
    }
}
