using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>
/// Handles a group in one transaction: who is new, the handlers in order, what they send, commit. It settles nothing; an exception means that
/// nothing of the group was kept, or that nobody knows. The one place where a group begins and ends; each message's outcome is on it when it returns.
/// </summary>
internal sealed class GroupRunner(
    IMessageStore store, HandlerParts parts, OutboxIntakes intakes, HandlerWatch watch, DeferralDesk desk, DeadLetterOffice office,
    ReceiveTelemetry telemetry, ReliabilityOptions options, ILogger<GroupRunner> log)
{
    /// <summary>Handles and commits. Then every message of the group is done.</summary>
    /// <param name="group">The messages, in their order.</param>
    /// <param name="limit">Learns how long the handlers took; null where groups have no limit to learn.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True where messages were deferred to run now.</returns>
    /// <exception cref="HandlerFailedException">A handler threw, or the commands that it added failed where it ran by itself.</exception>
    /// <exception cref="BatchFailedException">Commands that the handlers of a group added failed.</exception>
    public async Task<bool> RunAsync(IReadOnlyList<ReceivedMessage> group, GroupLimit? limit, CancellationToken cancellationToken)
    {
        using var scope = telemetry.StartGroup(group);
        var work = await store.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var rollback = work.ConfigureAwait(false);
        var sorting = new GroupSorting(log);
        await sorting.SortAsync(work, group, cancellationToken).ConfigureAwait(false);
        var sent = await HandleAsync(work, sorting.Ready, limit, cancellationToken).ConfigureAwait(false);
        foreach (var message in sorting.Waiting)
        {
            await desk.DeferAsync(work, message, cancellationToken).ConfigureAwait(false);
        }

        foreach (var message in sorting.Rejected)
        {
            await office.BuryAsync(work, message, message.Rejection!.Reason, message.Rejection.Message, cancellationToken).ConfigureAwait(false);
        }

        await TakeFromStoreAsync(work, group, cancellationToken).ConfigureAwait(false);
        await Receipts.WriteAsync(work, group, options.Audit, cancellationToken).ConfigureAwait(false);
        await CommitAsync(work, sent, cancellationToken).ConfigureAwait(false);
        for (var index = 0; index < group.Count; index++)
        {
            group[index].IsDone = true;
        }

        scope?.Committed();
        telemetry.Done(group);
        return sorting.Waiting.Count > 0;
    }

    /// <summary>What leaves the store with the transaction: rows handled in place, and deferred messages whose turn this was.</summary>
    public static async ValueTask TakeFromStoreAsync(IUnitOfWork work, IReadOnlyList<ReceivedMessage> group, CancellationToken cancellationToken)
    {
        List<long>? rows = null;
        for (var index = 0; index < group.Count; index++)
        {
            switch (group[index].Delivery)
            {
                case LocalDelivery local:
                    (rows ??= new List<long>(group.Count)).Add(local.RowId);
                    break;
                case DeferredDelivery deferred:
                    await work.RemoveDeferredAsync(deferred.Message.Id, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }

        if (rows is not null)
        {
            await work.RemoveFromOutboxAsync(rows, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask CommitAsync(IUnitOfWork work, IReadOnlyList<OutboxRow> sent, CancellationToken cancellationToken)
    {
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
    }

    private async ValueTask<IReadOnlyList<OutboxRow>> HandleAsync(
        IUnitOfWork work, List<ReceivedMessage> ready, GroupLimit? limit, CancellationToken cancellationToken)
    {
        if (ready.Count == 0)
        {
            return [];
        }

        var sent = new List<OutboxRow>();
        var verdicts = await FindNewAsync(work, ready, cancellationToken).ConfigureAwait(false);
        using var clock = watch.Begin(cancellationToken);
        var began = parts.Time.GetTimestamp();
        var handled = 0;
        ReceivedMessage? unsent = null;
        try
        {
            for (var index = 0; index < ready.Count; index++)
            {
                var message = ready[index];
                var takesBatch = message.Handler!.Handler.TakesBatch;
                if (unsent is not null && !takesBatch && verdicts[index] == InboxVerdict.New)
                {
                    // It may read what they write.
                    await SendAsync(work, unsent, clock, cancellationToken).ConfigureAwait(false);
                    unsent = null;
                }

                if (await TakeAsync(work, message, verdicts[index], ready.Count == 1, clock, sent, cancellationToken).ConfigureAwait(false))
                {
                    handled++;
                    unsent = takesBatch ? message : unsent;
                }
            }

            if (unsent is not null && ready.Count > 1)
            {
                await SendAsync(work, unsent, clock, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            clock.Stop();
            limit?.Observe(handled, parts.Time.GetElapsedTime(began));
        }

        return sent;
    }

    /// <summary>Asks the inbox, except of records whose positions were taken when the group was sorted: those that are still here are new.</summary>
    private static async ValueTask<IReadOnlyList<InboxVerdict>> FindNewAsync(IUnitOfWork work, List<ReceivedMessage> ready, CancellationToken cancellationToken)
    {
        if (!ready.Exists(static message => message.PositionEntry is not null))
        {
            return await work.AddToInboxAsync(ready.ConvertAll(static message => message.InboxEntry), cancellationToken).ConfigureAwait(false);
        }

        var byKey = ready.FindAll(static message => message.PositionEntry is null);
        var ofInbox = byKey.Count > 0
            ? await work.AddToInboxAsync(byKey.ConvertAll(static message => message.InboxEntry), cancellationToken).ConfigureAwait(false)
            : [];
        var next = 0;
        return ready.ConvertAll(message => message.PositionEntry is null ? ofInbox[next++] : InboxVerdict.New);
    }

    /// <summary>Sends the commands of several messages. They have the time of the last one's handler.</summary>
    private static async ValueTask SendAsync(IUnitOfWork work, ReceivedMessage last, HandlerClock clock, CancellationToken cancellationToken)
    {
        clock.Start(last);
        try
        {
            await FlushAsync(work, clock).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw new BatchFailedException(error);
        }
    }

    private static async ValueTask FlushAsync(IUnitOfWork work, HandlerClock clock)
    {
        await work.FlushAsync(clock.Token).ConfigureAwait(false);
        if (clock.IsOver)
        {
            throw clock.TooLong(cause: null);
        }
    }

    /// <returns>True where the handler ran.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TakeAsync(
        IUnitOfWork work, ReceivedMessage message, InboxVerdict verdict, bool alone, HandlerClock clock, List<OutboxRow> sent, CancellationToken cancellationToken)
    {
        switch (verdict)
        {
            case InboxVerdict.New when MessageExpiry.IsOver(message.Delivery.Envelope, parts.Time):
                await office.BuryAsync(work, message, DeadLetterReason.Expired, MessageExpiry.Explain(message.Delivery.Envelope), cancellationToken).ConfigureAwait(false);
                return false;
            case InboxVerdict.New:
                await InvokeAsync(work, message, alone, clock, sent, cancellationToken).ConfigureAwait(false);
                message.Outcome = MessageOutcome.Handled;
                return true;
            case InboxVerdict.Duplicate:
                message.Outcome = MessageOutcome.Duplicate;
                log.DuplicateDropped(message.Handler!.Name, message.Delivery.Envelope.MessageId, message.Delivery.Source);
                return false;
            case InboxVerdict.Conflict:
                await office.BuryConflictAsync(work, message, cancellationToken).ConfigureAwait(false);
                return false;
            case InboxVerdict.Waiting:
                // A second copy. Were it run now, its attempt would be one that nobody counts.
                await desk.DeferAsync(work, message, cancellationToken).ConfigureAwait(false);
                return false;
            default:
                throw new InvalidOperationException($"The store gave the verdict {verdict}, which does not exist.");
        }
    }

    // These two run for each message, and are awaited where they are called.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask InvokeAsync(
        IUnitOfWork work, ReceivedMessage message, bool alone, HandlerClock clock, List<OutboxRow> sent, CancellationToken cancellationToken)
    {
        using var run = telemetry.StartProcess(message);
        var context = new HandlerContext(work, message, parts, clock.Token);
        clock.Start(message);
        try
        {
            await message.Handler!.Handler.HandleAsync(message.Content, context).ConfigureAwait(false);
            if (clock.IsOver)
            {
                throw clock.TooLong(cause: null);
            }

            if (work.Transaction.Connection is null)
            {
                throw new InvalidOperationException(
                    $"{message.Handler.Name} committed or rolled back the transaction it was given. Leave that to the runtime: it commits effects, inbox and outbox together.");
            }

            if (alone && message.Handler.Handler.TakesBatch)
            {
                // All commands are its own, so their failure is too.
                await FlushAsync(work, clock).ConfigureAwait(false);
            }

            sent.AddRange(context.Sent);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            var cause = clock.IsOver && error is not HandlerTimeoutException ? clock.TooLong(error) : error;
            run?.Failed(cause);
            throw new HandlerFailedException(message, cause, work.Connection.State is not ConnectionState.Open);
        }
        finally
        {
            await context.DisposeAsync().ConfigureAwait(false);
        }
    }
}
