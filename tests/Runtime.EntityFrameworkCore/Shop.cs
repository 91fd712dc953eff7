using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;

[assembly: Reliability.HandlerJson(typeof(Reliability.Tests.ShopJson))]

namespace Reliability.Tests;

/// <summary>The effects. Invoices have no unique key, so a doubled effect would show.</summary>
public sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public DbSet<Invoice> Invoices => Set<Invoice>();
}

public sealed class Order
{
    [Key]
    public required string Number { get; init; }

    public int Amount { get; set; }

    [Timestamp]
    public uint Version { get; set; }
}

public sealed class Invoice
{
    public int Id { get; set; }

    public required string Order { get; init; }
}

public sealed record OrderPlaced(string Number);

[PublishTo("invoices.issued")]
public sealed record InvoiceIssued(string Number);

[PublishTo("orders.counted")]
public sealed record OrderCounted(string Number);

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(InvoiceIssued))]
[JsonSerializable(typeof(OrderCounted))]
internal sealed partial class ShopJson : JsonSerializerContext;

/// <summary>What a test has the handler do, and what was received from it.</summary>
public sealed class Script
{
    public Func<OrderPlaced, ShopDb, Run, Task> Handle { get; set; } = (order, db, _) =>
    {
        db.Invoices.Add(new Invoice { Order = order.Number });
        return Task.CompletedTask;
    };

    public ConcurrentQueue<string> Issued { get; } = new();

    public ConcurrentQueue<string> Counted { get; } = new();
}

/// <summary>What else the handler is given.</summary>
public sealed record Run(int Attempt, IOutbox Outbox, IServiceProvider Services, CancellationToken CancellationToken);

/// <summary>Handlers that the generator writes wrappers for.</summary>
public static class Billing
{
    [LocalHandler("orders.placed", DedupeKey = nameof(OrderPlaced.Number), Attempts = 3)]
    public static async Task<InvoiceIssued> IssueAsync(
        OrderPlaced order, ShopDb db, Script script, MessageContext message, IOutbox outbox, IServiceProvider services, CancellationToken cancellationToken)
    {
        await script.Handle(order, db, new Run(message.Attempt, outbox, services, cancellationToken));
        return new InvoiceIssued(order.Number);
    }

    [LocalHandler("invoices.issued")]
    public static void Note(InvoiceIssued issued, Script script) => script.Issued.Enqueue(issued.Number);

    [LocalHandler("orders.counted")]
    public static void Count(OrderCounted counted, Script script) => script.Counted.Enqueue(counted.Number);
}
