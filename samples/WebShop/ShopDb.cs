using Microsoft.EntityFrameworkCore;

namespace WebShop;

/// <summary>The shop's own tables. The messages' tables lie beside them, in the schema <c>reliability</c>.</summary>
public sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public DbSet<Invoice> Invoices => Set<Invoice>();
}

public sealed record Order(Guid Id, string Customer, decimal Amount);

/// <summary>No key keeps an order from getting two: that is the inbox's to prevent.</summary>
public sealed class Invoice
{
    public int Id { get; set; }

    public required Guid OrderId { get; init; }

    public required decimal Amount { get; init; }
}
