using System.Text.Json.Serialization;
using Aot;
using Reliability;

[assembly: HandlerJson(typeof(AotJson))]

namespace Aot;

[PublishTo("aot.orders")]
public sealed record OrderPaid(string Order);

[PublishTo("aot.invoices")]
public sealed record InvoiceIssued(string Order);

[JsonSerializable(typeof(OrderPaid))]
[JsonSerializable(typeof(InvoiceIssued))]
internal sealed partial class AotJson : JsonSerializerContext;

public static class Handlers
{
    [LocalHandler("aot.orders", DedupeKey = nameof(OrderPaid.Order))]
    [RabbitMqHandler("aot.orders", DedupeKey = nameof(OrderPaid.Order))]
    public static InvoiceIssued Issue(OrderPaid order, Tally tally)
    {
        tally.Invoice();
        return new InvoiceIssued(order.Order);
    }

    [LocalHandler("aot.invoices", DedupeKey = nameof(InvoiceIssued.Order))]
    [RabbitMqHandler("aot.invoices", DedupeKey = nameof(InvoiceIssued.Order))]
    public static void Ship(InvoiceIssued invoice, Tally tally) => tally.Parcel();
}

/// <summary>Counts in memory, where a service would write to its tables.</summary>
public sealed class Tally
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _invoices;
    private int _parcels;
    private int _awaited = int.MaxValue;

    public int Invoices => Volatile.Read(ref _invoices);

    public int Parcels => Volatile.Read(ref _parcels);

    public void Invoice() => Interlocked.Increment(ref _invoices);

    public void Parcel()
    {
        if (Interlocked.Increment(ref _parcels) >= Volatile.Read(ref _awaited))
        {
            _all.TrySetResult();
        }
    }

    /// <summary>Ends when so many parcels have been shipped.</summary>
    public Task Shipped(int parcels)
    {
        Volatile.Write(ref _awaited, parcels);
        if (Parcels >= parcels)
        {
            _all.TrySetResult();
        }

        return _all.Task;
    }
}
