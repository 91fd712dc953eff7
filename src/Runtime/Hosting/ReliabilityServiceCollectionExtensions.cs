using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reliability;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the runtime to an application.</summary>
public static class ReliabilityServiceCollectionExtensions
{
    /// <summary>Adds the runtime: <c>services.AddReliability(r => r.UseSqlite(…).UseRabbitMq(…).AddHandlers())</c>. Call it once.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Chooses a store, transports and handlers.</param>
    /// <exception cref="InvalidOperationException">Called twice, or without exactly one store.</exception>
    public static IServiceCollection AddReliability(this IServiceCollection services, Action<ReliabilityBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(service => service.ServiceType == typeof(HandlerCatalog)))
        {
            throw new InvalidOperationException("AddReliability was called before. Put store, transports and all handlers into one call.");
        }

        var builder = new ReliabilityBuilder(services);
        configure(builder);
        RequireOneStore(services);
        services.AddOptions<ReliabilityOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ReliabilityOptions>, ReliabilityOptionsValidator>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ReliabilityOptions>>().Value);
        services.AddSingleton<ITransport, LocalTransport>();
        services.AddSingleton(provider => new HandlerCatalog(
            builder.Handlers, builder.MessageTypes, provider.GetServices<ITransport>(), provider.GetRequiredService<ReliabilityOptions>(),
            provider.GetRequiredService<IMessageStore>().IsExclusive));
        AddParts(services);
        return services;
    }

    private static void AddParts(IServiceCollection services)
    {
        services.AddSingleton<OutboxIntakes>();
        services.AddSingleton<IReliability, Sender>();
        services.AddSingleton<MessageReader>();
        services.AddSingleton<DeadLetterOffice>();
        services.AddSingleton<DeferralDesk>();
        services.AddSingleton<HandlerParts>();
        services.AddSingleton<HandlerWatch>();
        services.AddSingleton<GroupRunner>();
        services.AddSingleton<FailedMessages>();
        services.AddSingleton<DeferralSignal>();
        services.AddSingleton<Receiver>();
        services.AddSingleton<Subscriptions>();
        services.AddSingleton<ISubscriptions>(provider => provider.GetRequiredService<Subscriptions>());
        services.AddSingleton<UnclaimedMessages>();
        services.AddSingleton<DeferralLoop>();
        services.AddSingleton<InboxRetention>();
        services.AddSingleton<Relays>();
        services.AddSingleton<Workers>();
        services.AddSingleton<ReplaySite, RunningSite>();
        services.AddSingleton<IDeadLetters, DeadLetters>();
        services.AddSingleton(provider => new Instruments(provider.GetService<IMeterFactory>()));
        services.AddSingleton<RelayObserver, RelayTelemetry>();
        services.AddSingleton<ReceiveTelemetry>();
        services.AddSingleton<RuntimeGauges>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RuntimeGauges>());
        services.AddSingleton<IHostedService, ReliabilityService>();
    }

    private static void RequireOneStore(IServiceCollection services)
    {
        var stores = services.Count(service => service.ServiceType == typeof(IMessageStore));
        if (stores != 1)
        {
            throw new InvalidOperationException(
                $"AddReliability: {(stores == 0 ? "no store is configured" : $"{stores} stores are configured")}; exactly one is needed. Call UseSqlite(…) (package Reliability.Sqlite) or UsePostgreSql(…) (package Reliability.PostgreSql).");
        }
    }
}
