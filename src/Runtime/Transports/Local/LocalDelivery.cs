namespace Reliability;

/// <summary>An outbox row handled in place: it leaves the outbox in the transaction that handles it.</summary>
internal sealed class LocalDelivery(OutboxRow row) : Delivery(row.Route, row.Envelope, row.Abandoned)
{
    public long RowId { get; } = row.Id;
}
