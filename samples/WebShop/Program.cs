using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Reliability;
using WebShop;

var builder = WebApplication.CreateBuilder(args);
var database = builder.Configuration.GetConnectionString("Shop")
    ?? throw new InvalidOperationException("Name a PostgreSQL database: ConnectionStrings__Shop='Host=…;Database=…;Username=…'.");
var broker = builder.Configuration["RabbitMq"];

builder.Services.AddDbContextPool<ShopDb>(options => options.UseNpgsql(database));
builder.Services.AddReliability(reliability =>
{
    reliability.UsePostgreSql(database);
    if (broker is { Length: > 0 })
    {
        reliability.UseRabbitMq(broker);
    }

    var transport = broker is { Length: > 0 } ? TransportNames.RabbitMq : TransportNames.Local;
    reliability.AddHandlers(handler => handler.Transport == transport);
});
builder.Services.AddHealthChecks().AddReliability();
builder.Services.AddHostedService<Telemetry>();

var app = builder.Build();
await using (var scope = app.Services.CreateAsyncScope())
{
    // A sample's way to have tables; an application has migrations.
    await scope.ServiceProvider.GetRequiredService<ShopDb>().Database.EnsureCreatedAsync();
}

app.MapOrders();
app.MapHealthChecks("/health", new() { ResponseWriter = (http, report) => http.Response.WriteAsync(Report(report)) });
await app.RunAsync();

static string Report(HealthReport report) =>
    string.Join('\n', report.Entries.Select(entry => $"{entry.Key}: {entry.Value.Status} {entry.Value.Description}").Prepend($"{report.Status}"));
