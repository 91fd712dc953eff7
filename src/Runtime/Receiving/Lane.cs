using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Handles one group after the other: what waited while the last commit ran is the next group, so a lone message is handled at once. Settles after the
/// commit.
/// </summary>
internal sealed class Lane(int number, LaneQueues queues, ISubscription subscription, Receiver receiver, GroupLimit limit, string source, ILogger log)
{
    /// <summary>What it had in hand and neither handled nor settled.</summary>
    public List<ReceivedMessage> Untried { get; } = [];

    /// <summary>Runs until nothing is left, or <paramref name="stop"/>.</summary>
    /// <param name="stop">Begin no further group.</param>
    /// <param name="abort">Give up the group in hand.</param>
    /// <exception cref="SourceStopException">A handler met what every message would meet.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        var group = new List<ReceivedMessage>();
        try
        {
            while (await queues.WaitAsync(number, stop).ConfigureAwait(false))
            {
                stop.ThrowIfCancellationRequested();
                queues.Take(number, limit.Current, limit.WorthALane, group);
                if (group.Count > 0)
                {
                    receiver.Telemetry.Consumed(group[0].Transport, source, group.Count);
                    await receiver.ReceiveAsync(group, limit, abort).ConfigureAwait(false);
                    await SettleAsync(group, abort).ConfigureAwait(false);
                    group.Clear();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || abort.IsCancellationRequested)
        {
            await SplitAsync(group).ConfigureAwait(false);
        }
        catch
        {
            await SplitAsync(group).ConfigureAwait(false);
            throw;
        }
    }

    private async Task SplitAsync(List<ReceivedMessage> group)
    {
        Untried.AddRange(group.Where(message => !message.IsDone));
        await SettleAsync(group.FindAll(message => message.IsDone), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task SettleAsync(List<ReceivedMessage> handled, CancellationToken cancellationToken)
    {
        if (handled.Count == 0)
        {
            return;
        }

        var began = Stopwatch.GetTimestamp();
        var deliveries = handled.ConvertAll(static message => message.Delivery);
        try
        {
            if (subscription is LocalSubscription local)
            {
                local.Forget(deliveries);
                return;
            }

            await subscription.SettleAsync(deliveries, cancellationToken).ConfigureAwait(false);
            receiver.Telemetry.Settled(handled[0].Transport, source, began, error: null);
        }
#pragma warning disable CA1031 // The work is committed; whatever settling throws, the worst is a redelivery, which the inbox drops.
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            receiver.Telemetry.Settled(handled[0].Transport, source, began, error);
            log.NotSettled(handled.Count, source, error);
        }
    }
}
