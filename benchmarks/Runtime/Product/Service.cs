using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Reliability.Benchmarks.Product;

/// <summary>The product as a host runs it, with its default options.</summary>
internal static class Service
{
    public static IHost Build(Progress progress, Action<ReliabilityBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(progress);
        builder.Services.AddReliability(configure);
        return builder.Build();
    }

    /// <summary>Queues that are there already are only checked.</summary>
    public static ReliabilityBuilder UseBroker(this ReliabilityBuilder reliability, Uri broker) =>
        reliability.UseRabbitMq(broker.ToString(), options => options.Topology = RabbitMqTopology.Verify);

    /// <summary>The handler of one source.</summary>
    public static ReliabilityBuilder AddHandler(this ReliabilityBuilder reliability, string transport, string source) =>
        reliability.AddHandlers(handler => handler.Transport == transport && handler.Source == source);
}
