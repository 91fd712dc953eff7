using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Reliability;

/// <summary>Chooses RabbitMQ as a transport.</summary>
public static class RabbitMqReliabilityBuilderExtensions
{
    /// <summary>Receives and sends by RabbitMQ: <c>services.AddReliability(r => r.UseRabbitMq("amqp://…"))</c>.</summary>
    /// <param name="builder">What <c>AddReliability</c> configures.</param>
    /// <param name="uri">Where the broker is; see <see cref="RabbitMqOptions.Uri"/>.</param>
    /// <param name="configure">Sets further options.</param>
    public static ReliabilityBuilder UseRabbitMq(this ReliabilityBuilder builder, string uri, Action<RabbitMqOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(uri);
        var options = builder.Services.AddOptions<RabbitMqOptions>().Configure(options => options.Uri = uri);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IValidateOptions<RabbitMqOptions>, RabbitMqOptionsValidator>();
        builder.Services.AddSingleton<ITransport, RabbitMqTransport>();
        return builder;
    }
}
