namespace Reliability.Generators.Tests;

/// <summary>Whatever a handler looks like, the emitted code compiles without a warning.</summary>
public sealed class EmittedCodeTests
{
    [Theory]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\")] public static Task Handle(OrderPaid order) => Task.CompletedTask;")]
    [InlineData("[LocalHandler(\"q\")] public static ValueTask Handle(OrderPaid order) => default;")]
    [InlineData("[LocalHandler(\"q\")] public static ValueTask<InvoiceIssued?> Handle(OrderPaid order) => default;")]
    [InlineData("[LocalHandler(\"q\")] public static InvoiceIssued[] Handle(OrderPaid order) => [];")]
    [InlineData("[LocalHandler(\"q\")] public static IReadOnlyList<InvoiceIssued?>? Handle(OrderPaid order) => null;")]
    [InlineData("[LocalHandler(\"q\")] public static ISet<MailWanted> Handle(OrderPaid order) => new HashSet<MailWanted>();")]
    [InlineData("[LocalHandler(\"q\")] public static (InvoiceIssued, (MailWanted, MailWanted?), MailWanted[]) Handle(OrderPaid order) => default!;")]
    [InlineData("[LocalHandler(\"q\")] public static (InvoiceIssued @event, MailWanted @class)? Handle(OrderPaid order) => null;")]
    [InlineData("[LocalHandler(\"q\")] public static IAsyncEnumerable<(InvoiceIssued?, MailWanted)>? Handle(OrderPaid order) => null;")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"ShipTo.Zip\", OrderBy = \"ShipTo.City\")] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"Channel\", OrderBy = \"Fallback\")] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"Day\", OrderBy = \"DueDay\")] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"Number\", OrderBy = \"Count\")] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"Sequence\")] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = nameof(Ping.Id))] public static void Handle(Ping ping) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"OrderId\")] public static void Handle(OrderPaid context, CancellationToken envelope = default) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"OrderId\")] public static InvoiceIssued? @new(OrderPaid @event, IClock @await, IOutbox result) => null;")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"OrderId\")] public static InvoiceIssued?[] Handle(OrderPaid result, IClock published, IOutbox item) => [];")]
    [InlineData("[LocalHandler(\"q\", DedupeKey = \"OrderId\")] public static void Handle(OrderPaid envelope) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, System.Data.IDbTransaction transaction, System.Data.IDbConnection connection) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, DbConnection connection, IEnumerable<IClock> clocks, Func<IClock?> clock) { }")]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, DbBatch batch) { }")]
    [InlineData("[LocalHandler(\"q\")] public static ValueTask<InvoiceIssued?> Handle(OrderPaid order, IOutbox outbox, DbBatch context, DbBatch same, IClock clock) => default;")]
    [InlineData("public abstract class PgBatch : DbBatch; [LocalHandler(\"q\")] public static void Handle(OrderPaid order, PgBatch batch) { }")]
    [InlineData("[LocalHandler(\"q\"), Obsolete(\"Use the other.\")] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q \\\"quoted\\\" \\\\ \\n\", Name = \"n\\u2028\")] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\")] internal static void Größe(OrderPaid größe) { }")]
    [InlineData("[LocalHandler(\"q\", Name = \"a\")] public static void Handle(OrderPaid order) { } [LocalHandler(\"q\", Name = \"b\")] public static void handle(Ping ping) { }")]
    [InlineData("[LocalHandler(\"q\", Name = \"a\")] public static void Handle(OrderPaid order) { } [LocalHandler(\"q\", Name = \"b\")] public static void Handle(Ping ping) { }")]
    [InlineData("public static class Inner { internal sealed class Worker { [LocalHandler(\"q\")] public void Handle(OrderPaid order) { } } }")]
    [InlineData("public record Worker { [LocalHandler(\"q\")] protected internal Task<InvoiceIssued?> Handle(OrderPaid order) => Task.FromResult<InvoiceIssued?>(null); }")]
    [InlineData("public struct Worker { [LocalHandler(\"q\")] internal static void Handle(OrderPaid order) { } }")]
    [InlineData("[LocalHandler(\"q\", DedupeKeys = [\"OrderId\", \"ShipTo.Zip\", \"Channel\"])] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", DedupeKeys = new[] { nameof(OrderPaid.Day) })] public static void Handle(OrderPaid order) { }")]
    [InlineData("[KafkaHandler(\"q\", DedupeByOffset = true, Attempts = 2)] public static void Handle(OrderPaid order) { }")]
    [InlineData("[LocalHandler(\"q\", KeyMethod = nameof(@new))] public static void Handle(OrderPaid order) { } internal static string @new(OrderPaid order) => order.Customer;")]
    [InlineData("[LocalHandler(\"q\", KeyMethod = \"KeyOf\")] public static void Handle(Ping envelope) { } public static string? KeyOf(object ping, Envelope envelope) => envelope.Key;")]
    [InlineData("[LocalHandler(\"q\", TimeoutSeconds = 0.000001, RetentionHours = 24, Attempts = 2, Group = 1, FormerNames = [\"a \\\"b\\\"\", \"c\"])] public static void Handle(OrderPaid order) { }")]
    [InlineData("public class Mine<T> : Exception; [LocalHandler(\"q\", DeadLetterOn = [typeof(Mine<int?>), typeof(FormatException)], StopOn = [typeof(OperationCanceledException)])] public static void Handle(OrderPaid order) { }")]
    public async Task Compiles_without_a_warning_and_no_rule_complains(string member)
    {
        var run = GeneratorRun.Of(ShopSource.Messages, ShopSource.Handlers(member));

        Assert.Empty(run.CompilerFindings());
        Assert.True(run.Files.Count >= 2, "No wrapper was written.");
        Assert.Empty(await run.RuleFindingsAsync());
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void A_descriptor_says_that_its_handler_dedupes_by_offset_where_it_does(string value, bool written)
    {
        var run = GeneratorRun.Of(ShopSource.Messages, ShopSource.Handlers($"[KafkaHandler(\"q\", DedupeByOffset = {value})] public static void Handle(OrderPaid order) {{ }}"));

        Assert.Equal(written, run.Files.Values.Any(file => file.Contains("{ DedupeByOffset = true }", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("[LocalHandler(\"q\")] public static void Handle(OrderPaid order, ShopDb db) { }")]
    [InlineData("[LocalHandler(\"q\")] public static Task Handle(OrderPaid order, ShopDb @new, DbTransaction newEnlisted) => Task.CompletedTask;")]
    [InlineData("[LocalHandler(\"q\")] public static ValueTask<InvoiceIssued?> Handle(OrderPaid order, ShopDb db, ShopDb same, OtherDb other, DbContext any) => default;")]
    [InlineData("[LocalHandler(\"q\")] public static InvoiceIssued? Handle(OrderPaid dbEnlisted, [FromKeyedServices(\"eu\")] ShopDb db) => null;")]
    [InlineData("[LocalHandler(\"q\")] public static IAsyncEnumerable<InvoiceIssued>? Handle(OrderPaid order, ShopDb db) => null;")]
    [InlineData("public class Worker(ShopDb db) { [LocalHandler(\"q\")] public InvoiceIssued? Handle(OrderPaid order, ShopDb mine) => ReferenceEquals(db, mine) ? null : null; }")]
    public async Task Enlisting_contexts_compiles_without_a_warning_against_Entity_Framework_Core(string member)
    {
        var run = GeneratorRun.WithEntityFramework(
            "global using Microsoft.EntityFrameworkCore;", ShopSource.Messages, ShopSource.Handlers(member),
            "namespace Shop; public class ShopDb : DbContext; public class OtherDb(DbContextOptions<OtherDb> options) : DbContext(options);");

        Assert.Empty(run.CompilerFindings());
        Assert.True(run.Files.Count >= 2, "No wrapper was written.");
        Assert.Empty(await run.RuleFindingsAsync());
    }

    [Fact]
    public void Compiles_beside_types_and_extensions_of_the_user_that_have_the_same_names()
    {
        var run = GeneratorRun.Of(ShopSource.Messages, ShopSource.Handlers("[LocalHandler(\"q\", DedupeKey = \"OrderId\")] public static InvoiceIssued? Handle(OrderPaid order, IClock clock) => null;"),
            """
            public static class Extensions
            {
                public static T GetRequiredService<T>(this IServiceProvider services) => throw new NotSupportedException();
            }

            namespace Shop
            {
                public class System;
                public class Reliability;
                public class KeyText;
            }
            """);

        Assert.Empty(run.CompilerFindings());
        Assert.Equal(2, run.Files.Count);
    }

    [Fact]
    public void Compiles_where_the_user_has_no_nullable_context_and_no_namespace()
    {
        var run = GeneratorRun.Of(
            """
            #nullable disable
            [assembly: HandlerJson(typeof(Json))]

            public class Order { public Order Parent { get; set; } public string Id { get; set; } }

            [PublishTo("out", Key = "Parent.Id")]
            public class Done { public Order Parent { get; set; } }

            [JsonSerializable(typeof(Order)), JsonSerializable(typeof(Done))]
            public partial class Json : JsonSerializerContext { }

            public class Worker
            {
                [LocalHandler("q", DedupeKey = "Parent.Parent.Id")]
                public Task<Done[]> Handle(Order order, IComparable service) => Task.FromResult(new Done[] { null });
            }
            """);

        Assert.Empty(run.CompilerFindings());
        Assert.Contains("order.Parent?.Parent?.Id", run.Files["Worker_Handle.g.cs"], StringComparison.Ordinal);
        Assert.Contains("if (item is { } published)", run.Files["Worker_Handle.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void Generic_messages_and_contexts_nested_in_other_types_are_found()
    {
        var run = GeneratorRun.Of(
            """
            [assembly: HandlerJson(typeof(Outer.Json)), HandlerJson(typeof(More))]

            public record Change<T>(T Value, string? Id);
            [PublishTo("out")] public record Other(Change<string?> Change);

            public partial class Outer
            {
                [JsonSerializable(typeof(Change<string?>), TypeInfoPropertyName = "Texts")]
                internal partial class Json : JsonSerializerContext;
            }

            [JsonSerializable(typeof(Other))]
            internal partial class More : JsonSerializerContext;

            internal static class Worker
            {
                [LocalHandler("q", DedupeKey = "Id")]
                public static Other Handle(Change<string?> change) => new(change);
            }
            """);

        Assert.Empty(run.CompilerFindings());
        Assert.Contains("MessageHandler<global::Change<string?>>", run.Files["Worker_Handle.g.cs"], StringComparison.Ordinal);
        Assert.Contains("Json<global::Other>(global::More.Default)", run.Files["AddHandlers.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_assembly_without_handlers_and_contexts_gets_nothing() =>
        Assert.Empty(GeneratorRun.Of("public static class Nothing { [Obsolete] public static void Handle(string text) { } }").Files);

    [Fact]
    public void A_marked_method_with_a_mistake_still_leaves_AddHandlers_to_call() =>
        Assert.Equal(["AddHandlers.g.cs"], GeneratorRun.Of("internal static class Worker { [LocalHandler(\"q\")] static void Handle() { } }").Files.Keys);
}
