using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reliability;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the runtime's health check to an application.</summary>
public static class ReliabilityHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of the store, the brokers, the subscriptions, the relay's lag and the dead letters: <c>services.AddHealthChecks().AddReliability()</c>, beside
    /// <c>services.AddReliability(…)</c>. It is no check for liveness: a restart mends neither a broker nor a database.
    /// </summary>
    /// <param name="builder">The application's health checks.</param>
    /// <param name="configure">Sets from when on something is trouble; null: defaults.</param>
    /// <param name="name">The check's name. Default: <c>reliability</c>.</param>
    /// <param name="failureStatus">What is reported instead of unhealthy; null: unhealthy.</param>
    /// <param name="tags">The check's tags; null: none.</param>
    public static IHealthChecksBuilder AddReliability(
        this IHealthChecksBuilder builder, Action<ReliabilityHealthOptions>? configure = null, string name = "reliability",
        HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new ReliabilityHealthOptions();
        configure?.Invoke(options);
        return builder.Add(new HealthCheckRegistration(
            name, services => ActivatorUtilities.CreateInstance<ReliabilityHealthCheck>(services, options), failureStatus, tags));
    }
}
