using Microsoft.EntityFrameworkCore;
using Reliability;

namespace WebShop;

/// <summary>The web API.</summary>
public static class Orders
{
    public static void MapOrders(this WebApplication app)
    {
        app.MapPost("/orders", PlaceAsync);
        app.MapGet("/orders/{id:guid}/invoices", InvoicesAsync);
    }

    /// <summary>One save: the order and its message are both kept, or neither.</summary>
    private static async Task<IResult> PlaceAsync(NewOrder order, ShopDb db, CancellationToken cancellationToken)
    {
        var placed = new Order(order.Id ?? Guid.CreateVersion7(), order.Customer, order.Amount);
        db.Orders.Add(placed);
        db.Publish(new OrderPlaced(placed.Id, placed.Customer, placed.Amount));
        await db.SaveChangesAsync(cancellationToken);
        return Results.Created($"/orders/{placed.Id}/invoices", placed);
    }

    private static async Task<IResult> InvoicesAsync(Guid id, ShopDb db, CancellationToken cancellationToken) =>
        Results.Ok(await db.Invoices.Where(invoice => invoice.OrderId == id).ToListAsync(cancellationToken));

    private sealed record NewOrder(Guid? Id, string Customer, decimal Amount);
}
