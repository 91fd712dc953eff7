namespace Shop.Warehouse;

internal sealed record ReserveStock(Guid OrderId, string Article, int Quantity);

internal sealed record StockReserved(Guid OrderId, string Article, int Quantity);

internal sealed record StockMissing(Guid OrderId, string Article, int Available);
