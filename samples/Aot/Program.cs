using Aot;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reliability;

// Usage: aot [RABBITMQ-URI]
// Publishes ten orders, handles each once, and the messages that the handler returns as well; one of them twice over. Ends with 0 where the sums are right.
// The driver looks for the native library by reflection, which finds nothing in a trimmed program.
SQLitePCL.Batteries_V2.Init();
var folder = Directory.CreateTempSubdirectory("reliability-aot-").FullName;
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton<Tally>();
builder.Services.AddReliability(reliability =>
{
    reliability.UseSqlite(Path.Combine(folder, "aot.db"));
    if (args is [var broker])
    {
        reliability.UseRabbitMq(broker);
    }

    reliability.AddHandlers(handler => handler.Transport == (args.Length == 0 ? TransportNames.Local : TransportNames.RabbitMq));
});
builder.Services.AddHealthChecks().AddReliability();
using (var host = builder.Build())
{
    await host.StartAsync();
    await using (var work = await host.Services.GetRequiredService<IReliability>().BeginAsync())
    {
        for (var order = 0; order < 10; order++)
        {
            work.Outbox.Publish(new OrderPaid($"order-{order}"));
        }

        // A customer who clicks twice.
        work.Outbox.Publish(new OrderPaid("order-0"));
        await work.CommitAsync();
    }

    var tally = host.Services.GetRequiredService<Tally>();
    await tally.Shipped(10).WaitAsync(TimeSpan.FromSeconds(30));
    Console.WriteLine($"{tally.Invoices} invoices, {tally.Parcels} parcels");
    Environment.ExitCode = tally is { Invoices: 10, Parcels: 10 } ? 0 : 1;
    await host.StopAsync();
}

Directory.Delete(folder, recursive: true);
