using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace Reliability.Tests.Handlers;

public sealed class TokenIgnoredTests
{
    [Theory]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, IStock stock, CancellationToken {|REL4106:token|}) => await stock.TakeAsync(1);""")]
    [InlineData("""[LocalHandler("q")] public static Task Handle(OrderPaid order, IStock stock, CancellationToken {|REL4106:token|}) => stock.TakeAsync(1);""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock, CancellationToken {|REL4106:_|}) { for (var i = 0; i < order.Amount; i++) stock.Take(1); }""")]
    public Task A_token_that_nothing_looks_at_is_reported(string members) => HandlerCode.SaysAsync<TokenIgnored>(members);

    [Fact]
    public async Task A_handler_that_could_take_one_is_told_so()
    {
        var test = Verify.Test<TokenIgnored>(Client.Handlers);
        test.TestState.Sources.Add(Verify.Usings(Client.Handlers) + """
            public static class Billing { [LocalHandler("q")] public static async Task {|#0:Handle|}(OrderPaid order, IStock stock) => await stock.TakeAsync(1).ConfigureAwait(false); }
            public record OrderPaid(Guid OrderId);
            public interface IStock { Task TakeAsync(int amount, CancellationToken token = default); }
            """);
        test.ExpectedDiagnostics.Add(new DiagnosticResult("REL4106", DiagnosticSeverity.Info).WithLocation(0)
            .WithArguments("Billing.Handle", "takes no CancellationToken, though 'TakeAsync' would"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, IStock stock, CancellationToken token) => await stock.TakeAsync(1, token);""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, IStock stock, CancellationToken token) { await stock.TakeAsync(1); token.ThrowIfCancellationRequested(); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock, CancellationToken token) => stock.Take(1);""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order) => await Task.Yield();""")]
    [InlineData("""public static async Task NoHandler(OrderPaid order, IStock stock, CancellationToken token) => await stock.TakeAsync(1);""")]
    public Task Others_are_not(string members) => HandlerCode.SaysAsync<TokenIgnored>(members);
}
