using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Benchmarks.Confirms;

/// <summary>The product's transport alone, without its outbox.</summary>
internal static class OurPublishing
{
    public static async Task<TimeSpan> RunAsync(Uri broker, string queue, int messages, int window)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddReliability(reliability => reliability.UsePostgreSql("Host=unused").UseRabbitMq($"{broker}", options => options.Topology = RabbitMqTopology.Verify))
            .BuildServiceProvider();
        var transport = services.GetServices<ITransport>().Single(transport => transport.Name == TransportNames.RabbitMq);
        await transport.StartAsync(new Topology([], [queue]), CancellationToken.None);
        while (!(await transport.CheckAsync(CancellationToken.None)).IsConnected)
            await Task.Delay(10);
        using var places = new SemaphoreSlim(window);
        var sent = new List<Task>(messages);
        var body = new byte[400];
        var began = Stopwatch.GetTimestamp();
        for (var number = 1; number <= messages; number++)
        {
            await places.WaitAsync();
            sent.Add(SendAsync(new Envelope { MessageId = $"message-{number}", Body = body }));
        }

        await Task.WhenAll(sent);
        return Stopwatch.GetElapsedTime(began);

        async Task SendAsync(Envelope message)
        {
            var outcome = await transport.PublishAsync(new OutgoingMessage(queue, message), CancellationToken.None);
            if (outcome != PublishOutcome.Confirmed)
                throw new InvalidOperationException($"{message.MessageId}: {outcome.Reason}");
            places.Release();
        }
    }
}
