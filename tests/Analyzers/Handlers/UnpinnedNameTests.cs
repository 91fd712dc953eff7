using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace Reliability.Tests.Handlers;

public sealed class UnpinnedNameTests
{
    [Theory]
    [InlineData("""[{|REL4108:LocalHandler("q")|}] public static void Handle(OrderPaid order) { }""")]
    [InlineData("""[{|REL4108:RabbitMqHandler("q", DedupeKey = nameof(OrderPaid.OrderId))|}, KafkaHandler("t", Name = "Billing.Handle")] public static void Handle(OrderPaid order) { }""")]
    public Task A_handler_without_a_name_is_reported(string members) => HandlerCode.SaysAsync<UnpinnedName>(members);

    [Fact]
    public async Task The_message_says_the_name_that_the_runtime_uses()
    {
        var test = Verify.Test<UnpinnedName>(Client.Handlers);
        test.TestState.Sources.Add(Verify.Usings(Client.Handlers) + """
            namespace Shop { public class Outer { public class Billing { [{|#0:LocalHandler("q")|}] public void Handle(OrderPaid order) { } } } public record OrderPaid(Guid OrderId); }
            """);
        test.ExpectedDiagnostics.Add(new DiagnosticResult("REL4108", DiagnosticSeverity.Info).WithLocation(0).WithArguments("Outer.Billing.Handle"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("""[LocalHandler("q", Name = "billing")] public static void Handle(OrderPaid order) { }""")]
    [InlineData("""[Obsolete("q")] public static void NoHandler(OrderPaid order) { }""")]
    public Task Others_are_not(string members) => HandlerCode.SaysAsync<UnpinnedName>(members);
}
