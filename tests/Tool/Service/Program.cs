using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reliability;
using Reliability.Tool.Service;

// Usage: service <store> <folder>. Handles what it is told to publish by lines on standard input, "publish <order>…", until that ends.
// Orders whose name is a file in the folder are handled; the others are refused.
var (store, folder) = (args[0], args[1]);
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Services.AddSingleton(new Mended(folder));
builder.Services.AddReliability(reliability =>
{
    ServiceStore.Use(reliability, store);
    reliability.AddHandlers();
});
using var host = builder.Build();
await host.StartAsync();
Console.WriteLine("ready");
while (await Console.In.ReadLineAsync() is { } line)
{
    await using var work = await host.Services.GetRequiredService<IReliability>().BeginAsync();
    foreach (var order in line.Split(' ')[1..])
    {
        work.Outbox.Publish(new Shipped(order, "a body that is nobody's business"), new PublishOptions { Headers = new Dictionary<string, string> { ["tenant"] = "north" } });
    }

    await work.CommitAsync();
    Console.WriteLine("published");
}

await host.StopAsync();
