using System.Data.Common;
using Reliability;

namespace Shop;

/// <summary>An issued invoice sends one parcel on its way.</summary>
public sealed class Shipping(TimeProvider time)
{
    [LocalHandler("invoices.issued", DedupeKey = nameof(InvoiceIssued.OrderId))]
    [RabbitMqHandler("invoices.issued", DedupeKey = nameof(InvoiceIssued.OrderId))]
    [KafkaHandler("invoices.issued", DedupeKey = nameof(InvoiceIssued.OrderId))]
    public Task ShipAsync(InvoiceIssued invoice, DbTransaction transaction, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync(
            "INSERT INTO parcels(order_id, customer, shipped_at) VALUES (@order, @customer, @at)",
            [("@order", invoice.OrderId.ToString()), ("@customer", invoice.Customer), ("@at", time.GetUtcNow().ToUnixTimeMilliseconds())],
            cancellationToken);
}
