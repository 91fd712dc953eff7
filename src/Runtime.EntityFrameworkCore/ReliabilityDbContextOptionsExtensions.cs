using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Reliability;

/// <summary>Lets a <see cref="DbContext"/> publish messages.</summary>
public static class ReliabilityDbContextOptionsExtensions
{
    /// <summary>
    /// Lets the context write messages that are published on it (<see cref="DbContextPublishExtensions.Publish"/>) with its changes. Its database is the
    /// store's. For contexts that no handler takes: the generated <c>AddHandlers</c> does it for the others. To do it again changes nothing.
    /// </summary>
    public static DbContextOptionsBuilder UseReliability(this DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var known = options.Options.FindExtension<CoreOptionsExtension>()?.Interceptors;
        return known?.Contains(OutboxInterceptor.Instance) == true ? options : options.AddInterceptors(OutboxInterceptor.Instance);
    }

    /// <inheritdoc cref="UseReliability(DbContextOptionsBuilder)"/>
    public static DbContextOptionsBuilder<TContext> UseReliability<TContext>(this DbContextOptionsBuilder<TContext> options)
        where TContext : DbContext
    {
        UseReliability((DbContextOptionsBuilder)options);
        return options;
    }
}
