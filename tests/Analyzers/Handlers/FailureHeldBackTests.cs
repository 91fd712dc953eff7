namespace Reliability.Tests.Handlers;

public sealed class FailureHeldBackTests
{
    [Theory]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, IStock stock) { try { await stock.TakeAsync(1); } {|REL4105:catch|} (Exception e) { Console.WriteLine(e); } }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock) { try { stock.Take(1); } {|REL4105:catch|} { } }""")]
    [InlineData("""[LocalHandler("q")] public static PaymentFailed? Handle(OrderPaid order, IStock stock) { try { stock.Take(1); } catch (FormatException) { throw; } {|REL4105:catch|} (Exception) { return null; } return null; }""")]
    [InlineData("""[LocalHandler("q")] public static Task Handle(OrderPaid order, IStock stock) { try { return stock.TakeAsync(1); } {|REL4105:catch|} (Exception) { return Task.CompletedTask; } }""")]
    public Task A_handler_that_drops_its_failure_is_reported(string members) => HandlerCode.SaysAsync<FailureHeldBack>(members);

    [Theory]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock) { try { stock.Take(1); } catch (Exception e) { Console.WriteLine(e); throw; } }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock) { try { stock.Take(1); } catch (InvalidOperationException) { } }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock) { try { stock.Take(1); } catch (Exception e) when (e is FormatException) { } }""")]
    [InlineData("""[LocalHandler("q")] public static PaymentFailed? Handle(OrderPaid order, IStock stock) { try { stock.Take(1); return null; } catch (Exception) { return new PaymentFailed(order.OrderId); } }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock, IOutbox outbox) { try { stock.Take(1); } catch (Exception) { outbox.Publish(new PaymentFailed(order.OrderId)); } }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock) { try { stock.Take(1); } catch (Exception) { stock.Take(0); } }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock) { try { Console.WriteLine(order); } catch { } stock.Take(1); }""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock) { for (var i = 0; ; i++) { try { stock.Take(1); break; } catch (Exception) { if (i == 3) throw; } } }""")]
    [InlineData("""public static void NoHandler(OrderPaid order, IStock stock) { try { stock.Take(1); } catch { } }""")]
    public Task Others_are_not(string members) => HandlerCode.SaysAsync<FailureHeldBack>(members);
}
