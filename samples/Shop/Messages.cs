using System.Text.Json.Serialization;
using Reliability;
using Shop;

[assembly: HandlerJson(typeof(ShopJson))]

namespace Shop;

[PublishTo("orders.paid", Key = nameof(Customer))]
public sealed record OrderPaid(Guid OrderId, string Customer, decimal Amount);

[PublishTo("invoices.issued", Key = nameof(Customer))]
public sealed record InvoiceIssued(Guid OrderId, string Customer, decimal Amount);

[JsonSerializable(typeof(OrderPaid))]
[JsonSerializable(typeof(InvoiceIssued))]
internal sealed partial class ShopJson : JsonSerializerContext;
