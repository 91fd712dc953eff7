using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Reliability;

namespace Shop;

/// <summary>Adds Kafka, where this program brings it.</summary>
public delegate ReliabilityBuilder UseKafka(ReliabilityBuilder reliability, string bootstrapServers, string run);

/// <summary>The shop itself: an ordinary host. The demo runs it as a process of its own, and kills it.</summary>
public static class Worker
{
    /// <summary>The line that a worker writes once it runs, and stops in order when asked to.</summary>
    public const string Runs = "The shop is open.";

    public static async Task RunAsync(ShopSettings settings, UseKafka? useKafka, CancellationToken cancellationToken)
    {
        await CreateTablesAsync(settings.Database, cancellationToken);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddConsoleFormatter<BriefConsole, ConsoleFormatterOptions>()
            .AddConsole(console => console.FormatterName = BriefConsole.FormatterName);
        builder.Services.AddSingleton(settings);
        builder.Services.AddReliability(reliability =>
        {
            settings.Database.UseIn(reliability);
            // What a killed worker held waits this long. A minute, the default, bears longer pauses; here somebody is watching.
            reliability.Configure(options => options.Relay.Lease = TimeSpan.FromSeconds(5));
            UseBroker(reliability, settings, useKafka);
            reliability.AddHandlers(handler => handler.Transport == settings.Transport);
        });
        builder.Services.AddHostedService<Storefront>();
        using var host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => Console.WriteLine(Runs));
        await host.RunAsync(cancellationToken);
    }

    /// <summary>The shop's own tables. A worker that starts while the server is away waits for it, as the library does.</summary>
    private static async Task CreateTablesAsync(ShopDatabase database, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await database.CreateAsync(cancellationToken);
                return;
            }
            catch (DbException error) when (error.IsTransient)
            {
                Console.Error.WriteLine($"The database is away: {error.Message.ReplaceLineEndings(" ")}");
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
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
