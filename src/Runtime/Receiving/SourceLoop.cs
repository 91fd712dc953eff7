using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Receives from one source until the host stops. A handler may stop it; then it waits to be resumed, and subscribes anew.</summary>
internal sealed class SourceLoop(
    SourcePlan plan, ITransport transport, SourceState state, Subscriptions subscriptions, MessageReader reader, Receiver receiver, ILogger log)
{
    /// <summary>Runs until <paramref name="stop"/>, then gives back what it has not begun.</summary>
    /// <param name="first">The first subscription, opened at the start.</param>
    /// <param name="stop">Begin no further group.</param>
    /// <param name="abort">Give up the groups in hand.</param>
    /// <returns>How many deliveries were given back.</returns>
    public async Task<int> RunAsync(ISubscription first, CancellationToken stop, CancellationToken abort)
    {
        var returned = 0;
        try
        {
            for (var subscription = first; ;)
            {
                using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, state.Run());
                using var session = new SourceSession(plan, subscription, reader, receiver, log);
                var (untried, stopped) = await session.RunAsync(end.Token, abort).ConfigureAwait(false);
                returned += untried;
                if (stopped is not null)
                {
                    subscriptions.Stop(stopped);
                }

                stop.ThrowIfCancellationRequested();
                await state.ResumedAsync(stop).ConfigureAwait(false);
                subscription = await transport.SubscribeAsync(plan.Request, stop).ConfigureAwait(false);
                log.SourceResumed(plan.Transport, plan.Source);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return returned;
        }
        finally
        {
            state.End();
        }
    }
}
