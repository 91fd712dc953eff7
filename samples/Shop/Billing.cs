using System.Data.Common;
using Reliability;

namespace Shop;

/// <summary>A paid order gets one invoice. Its row, the record that the order was handled, and the message it returns commit together.</summary>
public static class Billing
{
    [LocalHandler("orders.paid", DedupeKey = nameof(OrderPaid.OrderId))]
    [RabbitMqHandler("orders.paid", DedupeKey = nameof(OrderPaid.OrderId))]
    [KafkaHandler("orders.paid", DedupeKey = nameof(OrderPaid.OrderId))]
    public static async Task<InvoiceIssued> IssueAsync(OrderPaid order, DbTransaction transaction, TimeProvider time, CancellationToken cancellationToken)
    {
        await transaction.ExecuteAsync(
            "INSERT INTO invoices(order_id, amount, issued_at) VALUES (@order, @amount, @at)",
            [("@order", order.OrderId.ToString()), ("@amount", order.Amount), ("@at", time.GetUtcNow().ToUnixTimeMilliseconds())],
            cancellationToken);
        return new InvoiceIssued(order.OrderId, order.Customer, order.Amount);
    }
}
