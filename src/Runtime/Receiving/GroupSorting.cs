using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Sets aside what must not run in a group: a record whose position was taken before; what nobody can read; a message whose earlier delivery may have ended a process (it is counted first, and runs
/// alone); and messages of an order key behind a deferred one.
/// </summary>
internal sealed class GroupSorting(ILogger log)
{
    private HashSet<(string Consumer, string OrderKey)>? _behind;

    public List<ReceivedMessage> Ready { get; } = [];

    public List<ReceivedMessage> Waiting { get; } = [];

    public List<ReceivedMessage> Rejected { get; } = [];

    public async ValueTask SortAsync(IUnitOfWork work, IReadOnlyList<ReceivedMessage> group, CancellationToken cancellationToken)
    {
        Ready.EnsureCapacity(group.Count);
        for (var index = 0; index < group.Count; index++)
        {
            // A run that was rolled back has left no outcome.
            (group[index].Outcome, group[index].DeadFor) = (MessageOutcome.None, null);
        }

        // Before all else: what waits or is rejected is taken too, in the transaction that keeps it.
        await TakenPositions.TakeAsync(work, group, log, cancellationToken).ConfigureAwait(false);
        await FindKeysThatWaitAsync(work, group, cancellationToken).ConfigureAwait(false);
        for (var index = 0; index < group.Count; index++)
        {
            if (group[index].Outcome != MessageOutcome.Duplicate)
            {
                Sort(group[index]);
            }
        }
    }

    private void Sort(ReceivedMessage message)
    {
        if (message.Rejection is not null)
        {
            Rejected.Add(message);
            return;
        }

        var key = message.Content.OrderKey is { } orderKey ? (message.Handler!.Name, orderKey) : default;
        if (message.Delivery is DeferredDelivery || (!message.Delivery.Redelivered && (_behind is null || !_behind.Contains(key))))
        {
            Ready.Add(message);
            return;
        }

        if (message.Delivery.Redelivered)
        {
            log.RunsAlone(message.Delivery.Envelope.MessageId, message.Delivery.Source);
        }

        Waiting.Add(message);
        if (key != default)
        {
            (_behind ??= []).Add(key);
        }
    }

    private async ValueTask FindKeysThatWaitAsync(IUnitOfWork work, IReadOnlyList<ReceivedMessage> group, CancellationToken cancellationToken)
    {
        Dictionary<string, HashSet<string>>? keys = null;
        for (var index = 0; index < group.Count; index++)
        {
            if (group[index] is { Outcome: MessageOutcome.None, Rejection: null, Content.OrderKey: { } key, Delivery: not DeferredDelivery } message)
            {
                keys ??= [];
                if (!keys.TryGetValue(message.Handler!.Name, out var ofHandler))
                {
                    keys[message.Handler.Name] = ofHandler = [];
                }

                ofHandler.Add(key);
            }
        }

        if (keys is null)
        {
            return;
        }

        foreach (var (consumer, ofHandler) in keys)
        {
            foreach (var key in await work.FindDeferredKeysAsync(consumer, ofHandler, cancellationToken).ConfigureAwait(false))
            {
                (_behind ??= []).Add((consumer, key));
            }
        }
    }
}
