using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Orders;

internal sealed record OrderLine(string Article, int Quantity, decimal Price);

internal sealed record OrderPlaced(Guid OrderId, string Customer, IReadOnlyList<OrderLine> Lines)
{
    public decimal Total => Lines.Sum(line => line.Quantity * line.Price);
}

internal sealed record PaymentReceived(Guid OrderId, decimal Amount, DateTimeOffset At);

internal sealed record OrderCancelled(Guid OrderId, string Reason);

[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(PaymentReceived))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
internal sealed partial class OrderJson : JsonSerializerContext;
