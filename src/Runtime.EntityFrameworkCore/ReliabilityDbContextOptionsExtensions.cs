using Microsoft.EntityFrameworkCore;

namespace Reliability;

/// <summary>Lets a <see cref="DbContext"/> publish messages.</summary>
public static class ReliabilityDbContextOptionsExtensions
{
    /// <summary>
    /// Lets the context write messages that are published on it (<see cref="DbContextPublishExtensions.Publish"/>) with its changes. Its database is the
    /// store's. Handlers' contexts need it only where they are used outside of handlers too.
    /// </summary>
    public static DbContextOptionsBuilder UseReliability(this DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.AddInterceptors(OutboxInterceptor.Instance);
    }

    /// <inheritdoc cref="UseReliability(DbContextOptionsBuilder)"/>
    public static DbContextOptionsBuilder<TContext> UseReliability<TContext>(this DbContextOptionsBuilder<TContext> options)
        where TContext : DbContext
    {
        UseReliability((DbContextOptionsBuilder)options);
        return options;
    }
}
