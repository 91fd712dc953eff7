using Reliability.Analyzers.CodeFixes.Handlers;
using Reliability.Analyzers.Handlers;

namespace Reliability.Tests;

/// <summary>Fixes of methods that the runtime calls.</summary>
public class HandlerRulesFixTests
{
    [Theory]
    [InlineData(
        "public static async Task HandleAsync(OrderPaid order, DbTransaction transaction, IStock stock, CancellationToken token)\n{\n    await stock.TakeAsync(token);\n    // All or nothing.\n    await transaction.{|REL4102:CommitAsync|}(token);\n}",
        "public static async Task HandleAsync(OrderPaid order, DbTransaction transaction, IStock stock, CancellationToken token)\n{\n    await stock.TakeAsync(token);\n}")]
    [InlineData(
        "public static void Handle(OrderPaid order, DbTransaction transaction, IStock stock)\n{\n    stock.Take();\n    transaction.{|REL4102:Commit|}();\n    stock.Take();\n}",
        "public static void Handle(OrderPaid order, DbTransaction transaction, IStock stock)\n{\n    stock.Take();\n    stock.Take();\n}")]
    public Task A_commit_is_left_to_the_runtime(string method, string mended) => FixOf<EndsTransaction, EndsTransactionFix>.Mends(Client.Handlers, Code(method), Code(mended));

    [Theory]
    [InlineData("public static void Handle(OrderPaid order, DbTransaction transaction, IStock stock)\n{\n    stock.Take();\n    transaction.{|REL4102:Rollback|}();\n}")]
    [InlineData("public static void Handle(OrderPaid order, DbTransaction transaction) => transaction.{|REL4102:Commit|}();")]
    [InlineData("public static async Task HandleAsync(OrderPaid order, DbTransaction transaction, IStock stock, CancellationToken token)\n{\n    await stock.TakeAsync(default);\n    await transaction.{|REL4102:CommitAsync|}(token);\n}")]
    [InlineData("public static async Task HandleAsync(OrderPaid order, DbTransaction transaction)\n{\n    await transaction.{|REL4102:CommitAsync|}();\n}")]
    public Task A_commit_that_something_else_hangs_on_is_left_to_people(string method) => FixOf<EndsTransaction, EndsTransactionFix>.Leaves(Client.Handlers, Code(method));

    [Theory]
    [InlineData(
        "public static void Handle(OrderPaid order, IStock stock)\n{\n    try { stock.Take(); }\n    {|REL4105:catch|} (Exception e) { Console.WriteLine(e); }\n}",
        "public static void Handle(OrderPaid order, IStock stock)\n{\n    try { stock.Take(); }\n    catch (Exception e) { Console.WriteLine(e); throw; }\n}")]
    [InlineData(
        "public static Task HandleAsync(OrderPaid order, IStock stock)\n{\n    try\n    {\n        return stock.TakeAsync(default);\n    }\n    {|REL4105:catch|}\n    {\n        // Nothing to be done.\n        return Task.CompletedTask;\n    }\n}",
        "public static Task HandleAsync(OrderPaid order, IStock stock)\n{\n    try\n    {\n        return stock.TakeAsync(default);\n    }\n    catch\n    {\n        // Nothing to be done.\n        throw;\n    }\n}")]
    public Task A_failure_goes_on_to_the_runtime(string method, string mended) => FixOf<FailureHeldBack, FailureHeldBackFix>.Mends(Client.Handlers, Code(method), Code(mended));

    [Fact]
    public Task A_handler_keeps_the_name_that_it_has() => FixOf<UnpinnedName, UnpinnedNameFix>.Mends(
        Client.Handlers,
        """
        using System;
        using Reliability;

        public static class Shop
        {
            public static class Billing
            {
                [{|REL4108:LocalHandler("q")|}, {|REL4108:KafkaHandler(
                    "t",
                    DedupeKey = "OrderId")|}]
                public static void Handle(OrderPaid order) { }
            }
        }

        public record OrderPaid(Guid OrderId);
        """,
        """
        using System;
        using Reliability;

        public static class Shop
        {
            public static class Billing
            {
                [LocalHandler("q", Name = "Shop.Billing.Handle"), KafkaHandler(
                    "t",
                    DedupeKey = "OrderId",
                    Name = "Shop.Billing.Handle")]
                public static void Handle(OrderPaid order) { }
            }
        }

        public record OrderPaid(Guid OrderId);
        """);

    private static string Code(string method) => $$"""
        using System;
        using System.Data.Common;
        using System.Threading;
        using System.Threading.Tasks;
        using Reliability;

        public static class Billing
        {
            [LocalHandler("q", Name = "billing")]
            {{method.Replace("\n", "\n    ", StringComparison.Ordinal)}}
        }

        public record OrderPaid(Guid OrderId);
        public interface IStock { Task TakeAsync(CancellationToken token); void Take(); }
        """;
}
