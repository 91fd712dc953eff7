using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability;

/// <summary>Puts a handler's <see cref="DbContext"/> parameters on the handler's transaction. Generated wrappers call it.</summary>
public static class HandlerDbContext
{
    /// <summary>Configures a context that handlers take, wherever the application registers it: <see cref="ReliabilityDbContextOptionsExtensions.UseReliability(DbContextOptionsBuilder)"/>.</summary>
    public static void Configure<TContext>(ReliabilityBuilder reliability)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(reliability);
        reliability.Services.ConfigureDbContext<TContext>(static options => options.UseReliability());
    }

    /// <summary>
    /// Lets a context work on the handler's connection and transaction until the result is disposed. Its savepoints are off meanwhile, and so are the
    /// retries of its execution strategy: a failed attempt is the runtime's to repeat, from its beginning.
    /// </summary>
    /// <param name="context">The context, from the message's scope.</param>
    /// <param name="handler">What the wrapper was given.</param>
    /// <exception cref="InvalidOperationException">
    /// The context cannot join: it is not relational, belongs to another driver or database than the store, or is in use (an open connection, a transaction,
    /// changes that were made before the handler ran).
    /// </exception>
    public static EnlistedDbContext<TContext> Enlist<TContext>(TContext context, HandlerContext handler)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(handler);
        var origin = ContextOrigin.Of(context, handler);
        return new EnlistedDbContext<TContext>(context, handler, origin);
    }
}
