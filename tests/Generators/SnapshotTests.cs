namespace Reliability.Generators.Tests;

public sealed class SnapshotTests
{
    private const string Shop =
        """
        [assembly: HandlerJson(typeof(Shop.ShopJson))]

        namespace Shop;

        public record OrderPaid(Guid OrderId, string Customer, decimal Amount);

        [PublishTo("invoices", Key = nameof(Customer))]
        public record InvoiceIssued(Guid OrderId, string Customer);

        public interface IClock;

        [JsonSerializable(typeof(OrderPaid))]
        [JsonSerializable(typeof(InvoiceIssued))]
        public partial class ShopJson : JsonSerializerContext;

        public static class Billing
        {
            [RabbitMqHandler("orders.paid", DedupeKey = nameof(OrderPaid.OrderId), OrderBy = nameof(OrderPaid.Customer), Attempts = 5)]
            public static async Task<InvoiceIssued> IssueAsync(OrderPaid order, DbTransaction transaction, IClock clock, CancellationToken ct)
            {
                await Task.Yield();
                return new InvoiceIssued(order.OrderId, order.Customer);
            }
        }
        """;

    [Fact]
    public async Task A_handler_with_all_of_the_everyday_parts()
    {
        var run = GeneratorRun.Of(Shop);
        foreach (var f in run.Files) Console.WriteLine($"== {f.Key}\n{f.Value}");
        Assert.Empty(run.CompilerFindings());
        Assert.Empty(await run.RuleFindingsAsync());
    }
}
