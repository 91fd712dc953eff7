using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Reliability;

/// <summary>
/// Writes what was published on a context in the transaction of its changes: in the one that the save itself begins (anew in each try of a retrying
/// execution strategy), or in the explicit one.
/// </summary>
internal sealed class OutboxInterceptor : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public static readonly OutboxInterceptor Instance = new();

    private OutboxInterceptor()
    {
    }

    /// <inheritdoc/>
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        RefuseAmbientTransactionInHandler(eventData.Context);
        if (ContextOutbox.WithPending(eventData.Context) is { } outbox)
        {
            OutboxWriter.RefuseAmbientTransaction();
            if (eventData.Context!.Database.CurrentTransaction is null)
            {
                outbox.BeginSave(eventData.Context);
            }
        }

        return ValueTask.FromResult(result);
    }

    /// <inheritdoc/>
    public async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        if (ContextOutbox.SaveOf(eventData.Context) is { } save)
        {
            try
            {
                await save.WriteAsync(result, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                // The context does not have it yet, so it would not end it.
                await result.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (ContextOutbox.WithPending(eventData.Context) is { } outbox)
        {
            if (outbox.Save is { } save)
            {
                await CompleteAsync(eventData.Context!, outbox, save, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                // After the changes, so that a save that fails, and is rolled back to its savepoint, leaves no message behind.
                await OutboxWriter.WritePendingAsync(eventData.Context!, outbox, cancellationToken).ConfigureAwait(false);
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        ContextOutbox.WithPending(eventData.Context)?.EndSave(committed: false);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        ContextOutbox.WithPending(eventData.Context)?.EndSave(committed: false);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        RefuseInHandler(eventData.Context, "commits");
        // Published after the last save of an explicit transaction, or without any.
        if (ContextOutbox.WithPending(eventData.Context) is { Save: null } outbox)
        {
            await OutboxWriter.WritePendingAsync(eventData.Context!, outbox, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    /// <inheritdoc/>
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        RefuseAmbientTransactionInHandler(eventData.Context);
        RefuseSynchronous(eventData.Context, "SaveChanges");
        return result;
    }

    /// <inheritdoc/>
    public InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        RefuseInHandler(eventData.Context, "commits");
        RefuseSynchronous(eventData.Context, "Commit");
        return result;
    }

    /// <inheritdoc/>
    public InterceptionResult TransactionRollingBack(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        RefuseInHandler(eventData.Context, "rolls back");
        return result;
    }

    /// <inheritdoc/>
    public ValueTask<InterceptionResult> TransactionRollingBackAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        RefuseInHandler(eventData.Context, "rolls back");
        return ValueTask.FromResult(result);
    }

    private static async ValueTask CompleteAsync(DbContext context, ContextOutbox outbox, ImplicitSave save, CancellationToken cancellationToken)
    {
        var committed = false;
        try
        {
            if (!save.HasWritten)
            {
                await OutboxWriter.CommitWithoutChangesAsync(context, cancellationToken).ConfigureAwait(false);
            }

            committed = true;
        }
        finally
        {
            outbox.EndSave(committed);
        }
    }

    // Before it happens: the record that the message was handled would be committed without the rest of its effect.
    private static void RefuseInHandler(DbContext? context, string what)
    {
        if (context is not null && ContextOutbox.Of(context).Handler is { Message.Handler: var handler })
        {
            throw new InvalidOperationException(
                $"{handler} {what} the transaction of its {context.GetType().Name} itself. Leave that to the runtime: it commits effects, inbox and outbox together, and rolls them back when the handler throws. Nothing was kept.");
        }
    }

    private static void RefuseAmbientTransactionInHandler(DbContext? context)
    {
        if (Transaction.Current is not null && context is not null && ContextOutbox.Of(context).Handler is { Message.Handler: var handler })
        {
            throw new InvalidOperationException(
                $"{handler} saves its {context.GetType().Name} within a TransactionScope, which has no part in the handler's transaction: what it completes or gives up would not count. Take the scope out of the handler.");
        }
    }

    private static void RefuseSynchronous(DbContext? context, string method)
    {
        if (ContextOutbox.WithPending(context) is { Count: var count })
        {
            throw new InvalidOperationException(
                $"{count} messages published on the {context!.GetType().Name} wait to be written, which is done asynchronously only: call {method}Async. Nothing was written.");
        }
    }
}
