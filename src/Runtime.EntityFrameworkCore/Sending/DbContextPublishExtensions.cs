using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Reliability;

/// <summary>Publishes messages with the changes of a <see cref="DbContext"/>.</summary>
public static class DbContextPublishExtensions
{
    /// <summary>
    /// Publishes a message if, and only if, the context's changes are kept: it is written by the next <c>SaveChangesAsync</c> in the same transaction as
    /// they are, or, where an explicit transaction is open, by that save or at the latest by its <c>CommitAsync</c>. Without either it is never sent. In a handler it is one of
    /// the handler's outgoing messages.
    /// </summary>
    /// <param name="context">A context that a handler takes, or configured by <see cref="ReliabilityDbContextOptionsExtensions.UseReliability(DbContextOptionsBuilder)"/>, on the store's database.</param>
    /// <param name="message">The message; what is changed in it afterwards is not sent.</param>
    /// <param name="options">Overrides for this message; null: none.</param>
    /// <exception cref="InvalidOperationException">The context is not configured for it, or the type is unknown, has no route, or names a transport that is not configured.</exception>
    /// <exception cref="MessageTooLargeException">The body is larger than the transport carries.</exception>
    public static void Publish<TMessage>(this DbContext context, TMessage message, PublishOptions? options = null)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(context);
        var outbox = ContextOutbox.Of(context);
        if (outbox.Handler is { } handler)
        {
            handler.Outbox.Publish(message, options);
            return;
        }

        RequireInterceptor(context);
        outbox.Add(Rows(context, message, options), context.Database.CurrentTransaction?.TransactionId);
    }

    /// <summary>
    /// Forgets what was published on the context and is not written yet. Call it beside <c>ChangeTracker.Clear()</c>, which does not know of messages.
    /// </summary>
    public static void DiscardPublished(this DbContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ContextOutbox.Of(context).Clear();
    }

    /// <summary>
    /// Publishes a message in the context's explicit transaction: it is written at once, and leaves if, and only if, that transaction commits. Without an
    /// explicit transaction, or in a handler, the same as <see cref="Publish"/>.
    /// </summary>
    /// <inheritdoc cref="Publish"/>
    /// <param name="context">A context configured by <see cref="ReliabilityDbContextOptionsExtensions.UseReliability(DbContextOptionsBuilder)"/>, on the store's database.</param>
    /// <param name="message">The message.</param>
    /// <param name="options">Overrides for this message; null: none.</param>
    /// <param name="cancellationToken">Gives up writing.</param>
    public static async ValueTask PublishAsync<TMessage>(
        this DbContext context, TMessage message, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : notnull
    {
        ArgumentNullException.ThrowIfNull(context);
        if (ContextOutbox.Of(context).Handler is null && context.Database.CurrentTransaction is { } transaction)
        {
            var rows = Rows(context, message, options);
            await OutboxWriter.WriteFreeAsync(context, transaction.GetDbTransaction(), rows, cancellationToken).ConfigureAwait(false);
            return;
        }

        context.Publish(message, options);
    }

    private static IReadOnlyList<OutboxRow> Rows<TMessage>(DbContext context, TMessage message, PublishOptions? options)
        where TMessage : notnull
    {
        var time = OutboxWriter.ServiceOf<TimeProvider>(context);
        var collector = new OutboxCollector(OutboxWriter.ServiceOf<HandlerCatalog>(context), _ => MessageIds.New(time), time);
        collector.Publish(message, options);
        return collector.Rows;
    }

    private static void RequireInterceptor(DbContext context)
    {
        var options = context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>();
        if (options?.Interceptors?.Contains(OutboxInterceptor.Instance) != true)
        {
            throw new InvalidOperationException(
                $"The {context.GetType().Name} would not write the message when it saves: call UseReliability() on its options, as in AddDbContext<{context.GetType().Name}>(options => options.UseNpgsql(…).UseReliability()).");
        }
    }
}
