using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// One subscription from its opening to its end: reads each delivery once, gives it to a lane, and gives back in the end what no lane has begun.
/// </summary>
internal sealed class SourceSession(SourcePlan plan, ISubscription subscription, MessageReader reader, Receiver receiver, ILogger log) : IDisposable
{
    private readonly LaneQueues _queues = new(plan.Lanes, plan.ReadAhead, receiver.Time);

    /// <summary>Runs until <paramref name="stop"/>, or until a handler stops the source; then closes the subscription.</summary>
    /// <param name="stop">Begin no further group.</param>
    /// <param name="abort">Give up the groups in hand.</param>
    /// <returns>How many deliveries were given back, and why a handler stopped the source, if one did.</returns>
    public async Task<(int Returned, SourceStopException? Stopped)> RunAsync(CancellationToken stop, CancellationToken abort)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lanes = Enumerable.Range(0, plan.Lanes)
            .Select(number => new Lane(number, _queues, subscription, receiver, new GroupLimit(plan.Group, plan.GroupTime), plan.Source, log)).ToList();
        var running = lanes.ConvertAll(lane => Task.Run(() => EndAllAsync(lane.RunAsync(end.Token, abort), end), CancellationToken.None));
        var reading = EndAllAsync(ReadAsync(end.Token), end);

        var ended = Task.WhenAll([reading, .. running]);
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var returned = await GiveBackAsync(lanes).ConfigureAwait(false);
        await subscription.DisposeAsync().ConfigureAwait(false);
        var stopped = ended.Exception?.InnerExceptions.OfType<SourceStopException>().FirstOrDefault();
        if (stopped is null)
        {
            await ended.ConfigureAwait(false);
        }

        return (returned, stopped);
    }

    public void Dispose() => _queues.Dispose();

    /// <summary>One part that ends with an error ends the others: messages must not lie in a lane that is no more.</summary>
    private static async Task EndAllAsync(Task part, CancellationTokenSource end)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
        catch
        {
            await end.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            while (await subscription.Deliveries.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                await _queues.WaitForRoomAsync(stop).ConfigureAwait(false);
                if (subscription.Deliveries.TryRead(out var delivery))
                {
                    _queues.Add(reader.Read(plan.Transport, delivery));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is unread is given back.
        }
        finally
        {
            _queues.Complete();
        }
    }

    private async Task<int> GiveBackAsync(List<Lane> lanes)
    {
        await subscription.StopReceivingAsync(CancellationToken.None).ConfigureAwait(false);
        var untried = lanes.SelectMany(lane => lane.Untried).Concat(_queues.Empty()).OrderBy(message => message.Arrival).Select(message => message.Delivery).ToList();
        while (subscription.Deliveries.TryRead(out var delivery))
        {
            untried.Add(delivery);
        }

        try
        {
            if (untried.Count > 0)
            {
                await subscription.ReturnAsync(untried, CancellationToken.None).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Closing the subscription gives them back all the same.
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.NotSettled(untried.Count, plan.Source, error);
        }

        return untried.Count;
    }
}
