using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Reads one subscription: what waited while the last commit ran is the next group. Settles after the commit.</summary>
internal sealed class SubscriptionLoop(
    string transport, ISubscription subscription, int groupLimit, MessageReader reader, Receiver receiver, string source, ILogger log)
{
    /// <summary>Runs until <paramref name="stop"/>, then gives back what it has not begun.</summary>
    /// <param name="stop">Begin no further group.</param>
    /// <param name="abort">Give up the group in hand.</param>
    /// <returns>How many deliveries were given back.</returns>
    public async Task<int> RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var group = new List<Delivery>();
        try
        {
            while (await subscription.Deliveries.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                while (group.Count < groupLimit && subscription.Deliveries.TryRead(out var delivery))
                {
                    group.Add(delivery);
                }

                await receiver.ReceiveAsync(group.ConvertAll(delivery => reader.Read(transport, delivery)), abort).ConfigureAwait(false);
                await SettleAsync(group, abort).ConfigureAwait(false);
                group = [];
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || abort.IsCancellationRequested)
        {
            return await GiveBackAsync(group).ConfigureAwait(false);
        }

        return 0;
    }

    private async Task SettleAsync(List<Delivery> handled, CancellationToken cancellationToken)
    {
        try
        {
            if (subscription is LocalSubscription local)
            {
                local.Forget(handled);
                return;
            }

            await subscription.SettleAsync(handled, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The work is committed; whatever settling throws, the worst is a redelivery, which the inbox drops.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.NotSettled(handled.Count, source, error);
        }
    }

    private async Task<int> GiveBackAsync(List<Delivery> unfinished)
    {
        await subscription.StopReceivingAsync(CancellationToken.None).ConfigureAwait(false);
        while (subscription.Deliveries.TryRead(out var delivery))
        {
            unfinished.Add(delivery);
        }

        try
        {
            if (unfinished.Count > 0)
            {
                await subscription.ReturnAsync(unfinished, CancellationToken.None).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Closing the subscription gives them back all the same.
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.NotSettled(unfinished.Count, source, error);
        }

        return unfinished.Count;
    }
}
