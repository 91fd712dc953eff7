using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Handles a group in one transaction: who is new, the handlers in order, what they send, commit. It settles nothing; an exception means that
/// nothing of the group was kept, or that nobody knows.
/// </summary>
internal sealed class GroupRunner(
    IMessageStore store, HandlerCatalog catalog, OutboxIntakes intakes, IServiceScopeFactory scopes, DeferralDesk desk, DeadLetterOffice office, TimeProvider time, ILogger<GroupRunner> log)
{
    /// <summary>Handles and commits.</summary>
    /// <returns>True where messages were deferred to run now.</returns>
    /// <exception cref="HandlerFailedException">A handler threw.</exception>
    public async Task<bool> RunAsync(IReadOnlyList<ReceivedMessage> group, CancellationToken cancellationToken)
    {
        var work = await store.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = work.ConfigureAwait(false);
        var (ready, waiting) = await SortAsync(work, group, cancellationToken).ConfigureAwait(false);
        var sent = await HandleAsync(work, ready, cancellationToken).ConfigureAwait(false);
        foreach (var message in waiting)
        {
            await desk.DeferAsync(work, message, cancellationToken).ConfigureAwait(false);
        }

        foreach (var message in group.Where(message => message.Rejection is not null))
        {
            await office.BuryAsync(work, message, message.Rejection!.Reason, message.Rejection.Message, cancellationToken).ConfigureAwait(false);
        }

        await TakeFromStoreAsync(work, group, cancellationToken).ConfigureAwait(false);
        var write = await OutboxWrite.WriteAsync(work, sent, intakes, cancellationToken).ConfigureAwait(false);
        try
        {
            await work.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            write.Abandon();
            throw;
        }

        write.Committed();
        return waiting.Count > 0;
    }

    /// <summary>What leaves the store with the transaction: rows handled in place, and deferred messages whose turn this was.</summary>
    public static async ValueTask TakeFromStoreAsync(IUnitOfWork work, IReadOnlyList<ReceivedMessage> group, CancellationToken cancellationToken)
    {
        var rows = group.Select(message => message.Delivery).OfType<LocalDelivery>().Select(delivery => delivery.RowId).ToList();
        if (rows.Count > 0)
        {
            await work.RemoveFromOutboxAsync(rows, cancellationToken).ConfigureAwait(false);
        }

        foreach (var deferred in group.Select(message => message.Delivery).OfType<DeferredDelivery>())
        {
            await work.RemoveDeferredAsync(deferred.Message.Id, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Sets aside what must not run in this group: a message whose earlier delivery may have ended a process (it is counted first, and runs alone),
    /// and messages of an order key behind a deferred one.
    /// </summary>
    private async ValueTask<(List<ReceivedMessage> Ready, List<ReceivedMessage> Waiting)> SortAsync(
        IUnitOfWork work, IReadOnlyList<ReceivedMessage> group, CancellationToken cancellationToken)
    {
        List<ReceivedMessage> ready = [], waiting = [];
        var behind = await FindKeysThatWaitAsync(work, group, cancellationToken).ConfigureAwait(false);
        foreach (var message in group.Where(message => message.Rejection is null))
        {
            var key = message.Content.OrderKey is { } orderKey ? (message.Handler!.Name, orderKey) : default;
            if (message.Delivery is DeferredDelivery || (!message.Delivery.Redelivered && !behind.Contains(key)))
            {
                ready.Add(message);
                continue;
            }

            if (message.Delivery.Redelivered)
            {
                log.RunsAlone(message.Delivery.Envelope.MessageId, message.Delivery.Source);
            }

            waiting.Add(message);
            if (key != default)
            {
                behind.Add(key);
            }
        }

        return (ready, waiting);
    }

    private static async ValueTask<HashSet<(string Consumer, string OrderKey)>> FindKeysThatWaitAsync(
        IUnitOfWork work, IReadOnlyList<ReceivedMessage> group, CancellationToken cancellationToken)
    {
        var waiting = new HashSet<(string, string)>();
        foreach (var consumer in group.Where(message => message is { Rejection: null, Content.OrderKey: not null }).GroupBy(message => message.Handler!.Name))
        {
            var keys = consumer.Select(message => message.Content.OrderKey!).Distinct().ToList();
            foreach (var key in await work.FindDeferredKeysAsync(consumer.Key, keys, cancellationToken).ConfigureAwait(false))
            {
                waiting.Add((consumer.Key, key));
            }
        }

        return waiting;
    }

    private async ValueTask<List<OutboxRow>> HandleAsync(IUnitOfWork work, List<ReceivedMessage> ready, CancellationToken cancellationToken)
    {
        var sent = new List<OutboxRow>();
        var verdicts = ready.Count == 0
            ? []
            : await work.AddToInboxAsync(ready.ConvertAll(message => message.InboxEntry), cancellationToken).ConfigureAwait(false);
        for (var index = 0; index < ready.Count; index++)
        {
            var message = ready[index];
            switch (verdicts[index])
            {
                case InboxVerdict.New:
                    sent.AddRange(await InvokeAsync(work, message, cancellationToken).ConfigureAwait(false));
                    break;
                case InboxVerdict.Duplicate:
                    log.DuplicateDropped(message.Handler!.Name, message.Delivery.Envelope.MessageId, message.Delivery.Source);
                    break;
                case InboxVerdict.Conflict:
                    await office.BuryConflictAsync(work, message, cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new InvalidOperationException($"The store gave the verdict {verdicts[index]}, which does not exist.");
            }
        }

        return sent;
    }

    private async ValueTask<IReadOnlyList<OutboxRow>> InvokeAsync(IUnitOfWork work, ReceivedMessage message, CancellationToken cancellationToken)
    {
        var handler = message.Handler!;
        var outbox = new OutboxCollector(catalog, ordinal => MessageIds.Derived(handler.Name, message.Content.DedupeKey, ordinal), time);
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        try
        {
            var context = new HandlerContext(work, outbox, message.Context, scope.ServiceProvider, cancellationToken);
            await handler.Handler.HandleAsync(message.Content, context).ConfigureAwait(false);
            if (work.Transaction.Connection is null)
            {
                throw new InvalidOperationException(
                    $"{handler.Name} committed or rolled back the transaction it was given. Leave that to the runtime: it commits effects, inbox and outbox together.");
            }
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new HandlerFailedException(error);
        }

        return outbox.Rows;
    }
}
