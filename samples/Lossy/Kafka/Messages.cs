namespace Shop.Shipping;

internal sealed record ParcelReady(Guid OrderId, string Address, double WeightInKilograms);

internal sealed record ParcelShipped(Guid OrderId, string Carrier, string TrackingCode);
