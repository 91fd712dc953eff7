using Reliability;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the runtime to an application.</summary>
public static class ReliabilityServiceCollectionExtensions
{
    /// <summary>Adds the runtime: <c>services.AddReliability(r => r.UseSqlite(…).UseRabbitMq(…).AddHandlers())</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Chooses a store, transports and handlers.</param>
    public static IServiceCollection AddReliability(this IServiceCollection services, Action<ReliabilityBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new ReliabilityBuilder(services);
        configure(builder);
        return services;
    }
}
