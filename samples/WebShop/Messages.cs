using System.Text.Json.Serialization;
using Reliability;
using WebShop;

[assembly: HandlerJson(typeof(ShopJson))]

namespace WebShop;

[PublishTo("orders.placed", Key = nameof(Customer))]
public sealed record OrderPlaced(Guid OrderId, string Customer, decimal Amount);

[JsonSerializable(typeof(OrderPlaced))]
internal sealed partial class ShopJson : JsonSerializerContext;
