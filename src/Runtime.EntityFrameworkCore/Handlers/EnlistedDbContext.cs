using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Reliability;

/// <summary>A context that works on a handler's transaction. Disposed, it is connected as before.</summary>
/// <typeparam name="TContext">The context's type.</typeparam>
public sealed class EnlistedDbContext<TContext> : IDisposable
    where TContext : DbContext
{
    private readonly HandlerContext _handler;
    private readonly ContextOrigin _origin;
    private readonly SuspendedRetries _retries;

    internal EnlistedDbContext(TContext context, HandlerContext handler, ContextOrigin origin)
    {
        Context = context;
        _handler = handler;
        _origin = origin;
        _retries = SuspendedRetries.Begin(context);
        var database = context.Database;
        try
        {
            database.SetDbConnection(handler.Connection);
            // A group's transaction has no savepoints: a half-done handler's statements must not outlive its failure.
            database.AutoSavepointsEnabled = false;
            database.UseTransaction(handler.Transaction);
            ContextOutbox.Of(context).Join(handler);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The context.</summary>
    public TContext Context { get; }

    /// <summary>Saves what the handler changed and did not save itself. The commit is the runtime's.</summary>
    /// <exception cref="InvalidOperationException">The handler committed or rolled back the transaction.</exception>
    /// <exception cref="DbUpdateException">The database refused a change.</exception>
    public async ValueTask SaveAsync()
    {
        if (Context.Database.CurrentTransaction?.GetDbTransaction() != _handler.Transaction)
        {
            throw new InvalidOperationException(
                $"{_handler.Message.Handler} ended or replaced the transaction of its {typeof(TContext).Name}. Leave that to the runtime: it commits effects, inbox and outbox together. Take the commit, the rollback or the second transaction out of the handler.");
        }

        await Context.SaveChangesAsync(_handler.CancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes the context off the handler's transaction, which goes on, and connects it as before.</summary>
    public void Dispose()
    {
        _retries.Dispose();
        try
        {
            ContextOutbox.Of(Context).Leave();
            Context.Database.CurrentTransaction?.Dispose();
            _origin.Restore(Context);
        }
        catch (ObjectDisposedException)
        {
            // The handler disposed of the context: it is connected to nothing any more.
        }
    }
}
