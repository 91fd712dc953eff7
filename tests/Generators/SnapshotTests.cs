using System.Runtime.CompilerServices;
using System.Text;

namespace Reliability.Generators.Tests;

/// <summary>
/// The emitted code, as committed in Snapshots/. Set RELIABILITY_UPDATE_SNAPSHOTS=1 to write what is emitted now, and read the difference before you
/// commit it: users step through this code.
/// </summary>
public sealed class SnapshotTests
{
    [Fact]
    public void A_handler_with_the_everyday_parts() => Matches(ShopSource.Handlers(
        """
            [RabbitMqHandler("orders.paid", DedupeKey = nameof(OrderPaid.OrderId), OrderBy = nameof(OrderPaid.Customer), Attempts = 5)]
            public static async Task<InvoiceIssued> IssueAsync(OrderPaid order, DbTransaction transaction, IClock clock, CancellationToken ct)
            {
                await Task.Yield();
                return new InvoiceIssued(order.OrderId, order.Customer);
            }
        """));

    [Fact]
    public void A_handler_with_nothing_but_its_message() => Matches(ShopSource.Handlers(
        """
            [LocalHandler("pings")]
            internal static void Note(Ping ping) { }
        """));

    [Fact]
    public void An_instance_handler_with_every_kind_of_parameter() => Matches(
        """
        namespace Shop;

        public abstract class PgTransaction : DbTransaction;
        public abstract class PgConnection : DbConnection;

        internal sealed class Invoicing(IClock clock)
        {
            [KafkaHandler("orders", DedupeKey = "ShipTo.City", Name = "invoicing", Group = 1)]
            public ValueTask HandleAsync(
                OrderPaid order, PgConnection connection, PgTransaction transaction, IOutbox outbox, MessageContext message, IServiceProvider services,
                [FromKeyedServices("eu")] IClock european, IComparer<string>? comparer, CancellationToken cancellationToken)
            {
                _ = clock;
                return ValueTask.CompletedTask;
            }
        }
        """);

    [Fact]
    public void One_method_with_several_attributes() => Matches(ShopSource.Handlers(
        """
            [RabbitMqHandler("orders", DedupeKey = "OrderId")]
            [KafkaHandler("orders", DedupeKey = "OrderId", Attempts = 3, Group = 10)]
            [LocalHandler("orders", DedupeKey = "Number")]
            public static Task IssueAsync(OrderPaid order) => Task.CompletedTask;
        """));

    [Fact]
    public void Every_shape_of_result() => Matches(ShopSource.Handlers(
        """
            [LocalHandler("one")]
            public static InvoiceIssued? Maybe(OrderPaid order) => null;

            [LocalHandler("two")]
            public static async Task<(InvoiceIssued Invoice, MailWanted? Mail)> Both(OrderPaid order)
            {
                await Task.Yield();
                return (new InvoiceIssued(order.OrderId, order.Customer), null);
            }

            [LocalHandler("three")]
            public static IEnumerable<MailWanted> Many(OrderPaid order) => [];

            [LocalHandler("four")]
            public static async IAsyncEnumerable<InvoiceIssued> Stream(OrderPaid order)
            {
                await Task.Yield();
                yield return new InvoiceIssued(order.OrderId, order.Customer);
            }

            [LocalHandler("five")]
            public static ValueTask<(InvoiceIssued?[]?, List<MailWanted>)?> Nested(OrderPaid order) => default;
        """));

    [Fact]
    public void A_handler_with_every_setting() => Matches(ShopSource.Handlers(
        """
            [RabbitMqHandler(
                "orders", DedupeKeys = [nameof(OrderPaid.OrderId), nameof(OrderPaid.Number)], Name = "billing", FormerNames = ["invoicing", "Billing.Old"],
                TimeoutSeconds = 2.5, RetentionHours = 720, Attempts = 3, DeadLetterOn = [typeof(FormatException)], StopOn = [typeof(InvalidOperationException), typeof(TimeoutException)])]
            [LocalHandler("local orders", KeyMethod = nameof(KeyOf), Name = "local billing", TimeoutSeconds = 30)]
            public static Task IssueAsync(OrderPaid order) => Task.CompletedTask;

            internal static string? KeyOf(OrderPaid order, Envelope envelope) => envelope.Key is { } key ? $"{order.OrderId}/{key}" : null;
        """));

    [Fact]
    public void A_handler_that_saves_a_context() => Matches(
        """
        namespace Shop;

        public class ShopDb : Microsoft.EntityFrameworkCore.DbContext;

        public static class Billing
        {
            [LocalHandler("orders", DedupeKey = nameof(OrderPaid.OrderId))]
            public static async Task<InvoiceIssued> IssueAsync(OrderPaid order, ShopDb db, CancellationToken cancellationToken)
            {
                await db.AddAsync(order, cancellationToken);
                return new InvoiceIssued(order.OrderId, order.Customer);
            }
        }
        """);

    [Fact]
    public void Handlers_that_add_to_a_batch() => Matches(
        """
        namespace Shop;

        public abstract class PgBatch : DbBatch;

        public static class Stock
        {
            [LocalHandler("orders", DedupeKey = nameof(OrderPaid.OrderId), OrderBy = nameof(OrderPaid.Customer))]
            public static InvoiceIssued Take(OrderPaid order, DbBatch batch) => new(order.OrderId, order.Customer);

            [LocalHandler("pings")]
            public static void Note(Ping ping, PgBatch batch) { }
        }
        """);

    [Fact]
    public void An_assembly_that_has_no_handler_yet() => Matches("namespace Shop;");

    private static void Matches(string source, [CallerMemberName] string test = "")
    {
        var run = GeneratorRun.WithEntityFramework(ShopSource.Messages, source);
        Assert.Empty(run.CompilerFindings());

        var emitted = new StringBuilder();
        foreach (var (name, text) in run.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            emitted.Append("//// ").Append(name).Append('\n').Append(text);
        }

        var path = Path.Combine(GeneratorRun.ProjectMetadata("ProjectDirectory"), "Snapshots", test + ".txt");
        if (Environment.GetEnvironmentVariable("RELIABILITY_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, emitted.ToString());
        }

        Assert.Equal(File.ReadAllText(path), emitted.ToString(), ignoreLineEndingDifferences: true);
    }
}
