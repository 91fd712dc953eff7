using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Reliability;

/// <summary>Receives from and sends to Kafka.</summary>
public static class KafkaReliabilityBuilderExtensions
{
    /// <summary>Receives from and sends to Kafka topics. The host does not wait for a broker that is away.</summary>
    /// <param name="builder">What <c>AddReliability</c> configures.</param>
    /// <param name="bootstrapServers">See <see cref="KafkaOptions.BootstrapServers"/>.</param>
    /// <param name="groupId">See <see cref="KafkaOptions.GroupId"/>.</param>
    /// <param name="configure">Sets further options; null: none.</param>
    public static ReliabilityBuilder UseKafka(
        this ReliabilityBuilder builder, string bootstrapServers, string groupId, Action<KafkaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(bootstrapServers);
        ArgumentNullException.ThrowIfNull(groupId);
        builder.Services.AddOptions<KafkaOptions>()
            .Configure(options =>
            {
                options.BootstrapServers = bootstrapServers;
                options.GroupId = groupId;
                configure?.Invoke(options);
            })
            .ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KafkaOptions>, KafkaOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ITransport>(services => ActivatorUtilities.CreateInstance<KafkaTransport>(
            services, services.GetRequiredService<IOptions<KafkaOptions>>().Value));
        return builder;
    }
}
