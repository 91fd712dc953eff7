using System.Data.Common;
using System.Text.Json.Serialization;
using Consumer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reliability;

[assembly: HandlerJson(typeof(ShopJson))]

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<Ledger>();
builder.Services.AddReliability(reliability => reliability.UseSqlite("shop.db").AddHandlers());
using var host = builder.Build();
await host.StartAsync();

var order = Guid.CreateVersion7();
await using (var work = await host.Services.GetRequiredService<IReliability>().BeginAsync())
{
    work.Outbox.Publish(new OrderPaid(order, "Ada", 24.90m));
    await work.CommitAsync();
}

var entry = await host.Services.GetRequiredService<Ledger>().FirstEntry.Task.WaitAsync(TimeSpan.FromSeconds(30));
await host.StopAsync();
Console.WriteLine(entry == new InvoiceIssued(order, "Ada") ? "one order, one invoice" : $"unexpected: {entry}");

namespace Consumer
{
    [PublishTo("orders.paid")]
    public sealed record OrderPaid(Guid OrderId, string Customer, decimal Amount);

    [PublishTo("invoices")]
    public sealed record InvoiceIssued(Guid OrderId, string Customer);

    [JsonSerializable(typeof(OrderPaid))]
    [JsonSerializable(typeof(InvoiceIssued))]
    public sealed partial class ShopJson : JsonSerializerContext;

    /// <summary>Where the second handler writes down what the first one sent.</summary>
    public sealed class Ledger
    {
        public TaskCompletionSource<InvoiceIssued> FirstEntry { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public static class Billing
    {
        [LocalHandler("orders.paid", DedupeKey = nameof(OrderPaid.OrderId))]
        public static async Task<InvoiceIssued> IssueAsync(OrderPaid order, DbTransaction transaction, CancellationToken cancellationToken)
        {
            await using var command = transaction.Connection!.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "create table if not exists issued(order_id text primary key)";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new InvoiceIssued(order.OrderId, order.Customer);
        }

        [LocalHandler("invoices", DedupeKey = nameof(InvoiceIssued.OrderId))]
        public static void Enter(InvoiceIssued invoice, Ledger ledger) => ledger.FirstEntry.TrySetResult(invoice);
    }
}
