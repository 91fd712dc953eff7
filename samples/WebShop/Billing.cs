using Reliability;

namespace WebShop;

/// <summary>A placed order gets one invoice. The invoice, and the record that the order was handled, commit together; saving is done for it.</summary>
public static class Billing
{
    [LocalHandler("orders.placed", DedupeKey = nameof(OrderPlaced.OrderId))]
    [RabbitMqHandler("orders.placed", DedupeKey = nameof(OrderPlaced.OrderId))]
    public static void Issue(OrderPlaced order, ShopDb db)
    {
        if (order.Amount <= 0)
        {
            throw new MessageRejectedException("An invoice must be over more than nothing.");
        }

        db.Invoices.Add(new Invoice { OrderId = order.OrderId, Amount = order.Amount });
    }
}
