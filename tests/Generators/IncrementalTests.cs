using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reliability.Generators.Tests;

public sealed class IncrementalTests
{
    private const string Handlers =
        """
        namespace Shop;

        public static class Billing
        {
            [RabbitMqHandler("orders", DedupeKey = "OrderId")]
            public static InvoiceIssued Issue(OrderPaid order) => new(order.OrderId, order.Customer);

            [LocalHandler("pings")]
            public static void Note(Ping ping) { }
        }
        """;

    private const string Other = "namespace Shop; public static class Other { public static int Answer() => 42; }";

    [Theory]
    [InlineData("42", "43")]
    [InlineData("Answer()", "Question(string text)")]
    [InlineData("class Other {", "class Other { [Obsolete] public static void Marked() { }")]
    public void An_edit_elsewhere_runs_nothing_again(string old, string @new)
    {
        var first = GeneratorRun.Of(ShopSource.Messages, Handlers, Other);
        var second = first.After(Edit(3, old, @new));

        Assert.NotEqual(first.Input.SyntaxTrees[3].ToString(), second.Input.SyntaxTrees[3].ToString());
        Assert.All(ReasonsOf(second), step => Assert.True(
            step.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{step.Step} was {step.Reason}"));
        Assert.All(OutputReasonsOf(second), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void An_edit_inside_a_handlers_body_writes_nothing_again()
    {
        var second = GeneratorRun.Of(ShopSource.Messages, Handlers, Other).After(Edit(2, "order.Customer)", "order.Customer + 1)"));

        Assert.Contains("+ 1", second.Input.SyntaxTrees[2].ToString(), StringComparison.Ordinal);
        Assert.All(OutputReasonsOf(second), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void A_change_of_one_handler_writes_only_its_wrapper_and_AddHandlers_again()
    {
        var first = GeneratorRun.Of(ShopSource.Messages, Handlers, Other);
        var second = first.After(Edit(2, "Note(Ping ping)", "Note(Ping ping, IClock clock)"));

        var wrappers = ReasonsOf(second).Where(step => step.Step == TrackingNames.Wrappers).Select(step => step.Reason);
        Assert.Equal([IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified], wrappers);
        Assert.Contains("GetRequiredService<global::Shop.IClock>()", second.Files["Shop_Billing_Note.g.cs"], StringComparison.Ordinal);
        Assert.Equal(first.Files["Shop_Billing_Issue.g.cs"], second.Files["Shop_Billing_Issue.g.cs"]);
    }

    [Fact]
    public void A_change_of_a_message_in_another_file_reaches_its_wrapper()
    {
        var second = GeneratorRun.Of(ShopSource.Messages, Handlers, Other).After(Edit(1, "Guid OrderId, string Customer, decimal Amount", "Channel OrderId, string Customer, decimal Amount"));

        Assert.Contains("(long?)order.OrderId", second.Files["Shop_Billing_Issue.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_added_to_a_listed_message_reaches_AddHandlers()
    {
        var second = GeneratorRun.Of(ShopSource.Messages, Handlers, Other).After(Edit(1, "public record Unrouted", "[PublishTo(\"somewhere\")] public record Unrouted"));

        Assert.Contains("\"somewhere\"", second.Files["AddHandlers.g.cs"], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_step_has_a_name_that_is_tracked() =>
        Assert.Superset(TrackingNames.All.ToHashSet(), GeneratorRun.Of(ShopSource.Messages, Handlers).Result.TrackedSteps.Keys.ToHashSet());

    private static Func<CSharpCompilation, CSharpCompilation> Edit(int file, string old, string @new) => compilation =>
    {
        var tree = compilation.SyntaxTrees[file];
        var text = tree.ToString().Replace(old, @new, StringComparison.Ordinal);
        return compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, GeneratorRun.ParseOptions, tree.FilePath, cancellationToken: TestContext.Current.CancellationToken));
    };

    private static IEnumerable<(string Step, IncrementalStepRunReason Reason)> ReasonsOf(GeneratorRun run) =>
        from name in TrackingNames.All
        from step in run.Result.TrackedSteps[name]
        from output in step.Outputs
        select (name, output.Reason);

    private static List<IncrementalStepRunReason> OutputReasonsOf(GeneratorRun run)
    {
        var reasons = run.Result.TrackedOutputSteps.SelectMany(named => named.Value).SelectMany(step => step.Outputs).Select(output => output.Reason).ToList();
        Assert.NotEmpty(reasons);
        return reasons;
    }
}
