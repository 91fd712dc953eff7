using System.Data.Common;
using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Reliability;

/// <summary>Writes messages on a context's transaction.</summary>
internal static class OutboxWriter
{
    /// <summary>Writes rows that leave from memory when <see cref="OutboxWrite.Committed"/> is called. Only for transactions whose end is seen.</summary>
    public static async ValueTask<OutboxWrite> WriteReservedAsync(
        DbContext context, DbTransaction transaction, IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var work = ServiceOf<IMessageStore>(context).Join(transaction);
        await using var leaving = work.ConfigureAwait(false);
        return await OutboxWrite.WriteAsync(work, rows, ServiceOf<OutboxIntakes>(context), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes rows that are found in the store after the commit: nobody tells when, or whether, an explicit transaction ends.</summary>
    public static async ValueTask WriteFreeAsync(
        DbContext context, DbTransaction transaction, IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        RefuseAmbientTransaction();
        var work = ServiceOf<IMessageStore>(context).Join(transaction);
        await using var leaving = work.ConfigureAwait(false);
        await work.AddToOutboxAsync(rows, lease: null, cancellationToken).ConfigureAwait(false);
        var intakes = ServiceOf<OutboxIntakes>(context);
        foreach (var row in rows)
        {
            intakes.Find(row)?.WrittenUnseen();
        }
    }

    /// <summary>Writes what waits on the explicit transaction.</summary>
    public static async ValueTask WritePendingAsync(DbContext context, ContextOutbox outbox, CancellationToken cancellationToken)
    {
        if (context.Database.CurrentTransaction is { } transaction)
        {
            await WriteFreeAsync(context, transaction.GetDbTransaction(), outbox.Rows, cancellationToken).ConfigureAwait(false);
            outbox.Clear();
        }
    }

    /// <summary>Gives a save that had no changes, and so began no transaction, one for its messages: they are written as it begins.</summary>
    public static Task CommitWithoutChangesAsync(DbContext context, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                var transaction = await context.Database.BeginTransactionAsync(token).ConfigureAwait(false);
                await using var rollback = transaction.ConfigureAwait(false);
                await transaction.CommitAsync(token).ConfigureAwait(false);
            },
            cancellationToken);

    /// <exception cref="InvalidOperationException">A <see cref="TransactionScope"/> is open.</exception>
    public static void RefuseAmbientTransaction()
    {
        if (Transaction.Current is not null)
        {
            throw new InvalidOperationException(
                "Messages cannot be published within a TransactionScope: its transaction is not the database's own, so they could not be written with it. Use context.Database.BeginTransactionAsync() instead. Nothing was written.");
        }
    }

    /// <exception cref="InvalidOperationException">The context is not the application's, or the application does not use the runtime.</exception>
    public static T ServiceOf<T>(DbContext context)
        where T : class
    {
        var options = context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>();
        return options?.ApplicationServiceProvider?.GetService(typeof(T)) as T ?? throw new InvalidOperationException(
            $"The {context.GetType().Name} does not know an application with AddReliability: register it by AddDbContext, AddDbContextPool or AddDbContextFactory in the same services, or call UseApplicationServiceProvider on its options.");
    }
}
