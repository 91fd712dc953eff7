using System.Text.Json;

namespace Shop.Orders;

/// <summary>The orders of this shop, one file each.</summary>
internal sealed class OrderBook(string folder)
{
    public async Task AddAsync(OrderPlaced order, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(PathOf(order.OrderId), JsonSerializer.SerializeToUtf8Bytes(order, OrderJson.Default.OrderPlaced), cancellationToken);
    }

    public async Task SettleAsync(Guid orderId, decimal amount, DateTimeOffset at)
    {
        var line = FormattableString.Invariant($"{at:O} {amount}{Environment.NewLine}");
        await File.AppendAllTextAsync(Path.ChangeExtension(PathOf(orderId), ".paid"), line);
    }

    private string PathOf(Guid orderId) => Path.Combine(folder, $"{orderId:N}.json");
}
