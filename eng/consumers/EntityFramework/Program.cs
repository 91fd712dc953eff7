using System.Text.Json.Serialization;
using Consumer;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reliability;

[assembly: HandlerJson(typeof(ShopJson))]

var database = Environment.GetEnvironmentVariable("RELIABILITY_POSTGRES") ?? throw new InvalidOperationException("RELIABILITY_POSTGRES names no server.");
var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<Ledger>();
builder.Services.AddDbContext<ShopDb>(options => options.UseNpgsql(database));
builder.Services.AddReliability(reliability => reliability.UsePostgreSql(database).AddHandlers());
builder.Services.AddHealthChecks().AddReliability();
using var host = builder.Build();
await using (var scope = host.Services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<ShopDb>().Database.EnsureCreatedAsync();
}

await host.StartAsync();
var order = Guid.CreateVersion7();
await using (var scope = host.Services.CreateAsyncScope())
{
    var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
    db.Orders.Add(new Order { Id = order, Customer = "Ada" });
    db.Publish(new OrderPlaced(order));
    await db.SaveChangesAsync();
}

var entry = await host.Services.GetRequiredService<Ledger>().FirstEntry.Task.WaitAsync(TimeSpan.FromSeconds(30));
await using (var scope = host.Services.CreateAsyncScope())
{
    var invoices = await scope.ServiceProvider.GetRequiredService<ShopDb>().Invoices.Where(invoice => invoice.OrderId == order).ToListAsync();
    Console.WriteLine(entry == new InvoiceIssued(order) && invoices is [{ Customer: "Ada" }] ? "one order, one invoice" : $"unexpected: {entry}, {invoices.Count} invoices");
}

await host.StopAsync();

namespace Consumer
{
    [PublishTo("orders.placed")]
    public sealed record OrderPlaced(Guid OrderId);

    [PublishTo("invoices.issued")]
    public sealed record InvoiceIssued(Guid OrderId);

    [JsonSerializable(typeof(OrderPlaced))]
    [JsonSerializable(typeof(InvoiceIssued))]
    public sealed partial class ShopJson : JsonSerializerContext;

    public sealed class Order
    {
        public Guid Id { get; init; }

        public required string Customer { get; init; }
    }

    public sealed class Invoice
    {
        public int Id { get; init; }

        public Guid OrderId { get; init; }

        public required string Customer { get; init; }
    }

    public sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
    {
        public DbSet<Order> Orders => Set<Order>();

        public DbSet<Invoice> Invoices => Set<Invoice>();
    }

    /// <summary>Where the second handler writes down what the first one sent.</summary>
    public sealed class Ledger
    {
        public TaskCompletionSource<InvoiceIssued> FirstEntry { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public static class Billing
    {
        /// <summary>Its context saves with the handler's transaction.</summary>
        [LocalHandler("orders.placed", DedupeKey = nameof(OrderPlaced.OrderId))]
        public static async Task<InvoiceIssued> IssueAsync(OrderPlaced placed, ShopDb db, CancellationToken cancellationToken)
        {
            var order = await db.Orders.SingleAsync(order => order.Id == placed.OrderId, cancellationToken);
            db.Invoices.Add(new Invoice { OrderId = order.Id, Customer = order.Customer });
            return new InvoiceIssued(order.Id);
        }

        [LocalHandler("invoices.issued", DedupeKey = nameof(InvoiceIssued.OrderId))]
        public static void Enter(InvoiceIssued invoice, Ledger ledger) => ledger.FirstEntry.TrySetResult(invoice);
    }
}
