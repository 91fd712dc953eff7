using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reliability;

namespace Shop;

/// <summary>Adds Kafka, where this program brings it.</summary>
public delegate ReliabilityBuilder UseKafka(ReliabilityBuilder reliability, string bootstrapServers, string run);

/// <summary>The shop itself: an ordinary host. The demo runs it as a process of its own, and kills it.</summary>
public static class Worker
{
    public static async Task RunAsync(ShopSettings settings, UseKafka? useKafka, CancellationToken cancellationToken)
    {
        await settings.Database.CreateAsync(cancellationToken);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddSingleton(settings);
        builder.Services.AddReliability(reliability =>
        {
            settings.Database.UseIn(reliability);
            UseBroker(reliability, settings, useKafka);
            reliability.AddHandlers(handler => handler.Transport == settings.Transport);
        });
        builder.Services.AddHostedService<Storefront>();
        await builder.Build().RunAsync(cancellationToken);
    }

    private static void UseBroker(ReliabilityBuilder reliability, ShopSettings settings, UseKafka? useKafka)
    {
        if (settings.Broker is { } broker)
        {
            reliability.UseRabbitMq(broker);
        }
        else if (settings.Kafka is { } servers)
        {
            _ = useKafka?.Invoke(reliability, servers, settings.Run)
                ?? throw new InvalidOperationException("This program is built without Kafka. Run samples/Shop.Kafka, as ./demo.sh --kafka does.");
        }
    }
}
