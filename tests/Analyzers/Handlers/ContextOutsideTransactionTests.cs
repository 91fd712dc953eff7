namespace Reliability.Tests.Handlers;

public sealed class ContextOutsideTransactionTests
{
    [Theory]
    [InlineData("""public class Billing(ShopDb {|REL4104:db|}) { [LocalHandler("q")] public void Handle(OrderPaid order) { db.Add(order); db.SaveChanges(); } }""")]
    [InlineData("""public class Billing { private readonly ShopDb _db; public Billing(ShopDb {|REL4104:db|}) => _db = db; [RabbitMqHandler("q")] public async Task Handle(OrderPaid order) { _db.Add(order); await _db.SaveChangesAsync(); } }""")]
    [InlineData("""public class Billing(IStock stock, DbConnection {|REL4104:connection|}) { [KafkaHandler("q")] public void Handle(OrderPaid order) { stock.Take(1); connection.CreateCommand().ExecuteNonQuery(); } }""")]
    [InlineData("""public class Billing(ShopDb {|REL4104:db|}) { [LocalHandler("q")] public void One(OrderPaid order, ShopDb shop) { } [LocalHandler("r")] public void Two(OrderPaid order) => db.Add(order); }""")]
    [InlineData("""public class Billing { [LocalHandler("q")] public void Handle(OrderPaid order, IServiceProvider services) => services.{|REL4104:GetRequiredService|}<ShopDb>().Add(order); }""")]
    [InlineData("""public class Billing(OrderStore {|REL4104:orders|}) { [LocalHandler("q")] public void Handle(OrderPaid order) => orders.Add(order); } """ + Store)]
    [InlineData("""public static class Billing { [LocalHandler("q")] public static void Handle(OrderPaid order, IOrders {|REL4104:orders|}) => orders.Add(order); } """ + Store)]
    public Task A_context_that_nothing_enlists_is_reported(string types) => HandlerCode.TypesAsync<ContextOutsideTransaction>(types);

    [Theory]
    [InlineData("""public class Billing { [LocalHandler("q")] public void Handle(OrderPaid order, ShopDb db) => db.Add(order); }""")]
    [InlineData("""public class Billing(ShopDb db) { [LocalHandler("q")] public void Handle(OrderPaid order, ShopDb shop) => db.Add(order); }""")]
    [InlineData("""public class Reports(ShopDb db) { public void Add(OrderPaid order) => db.Add(order); }""")]
    [InlineData("""public class Billing(ShopDb db) { public ShopDb Db => db; [LocalHandler("q")] public static void Handle(OrderPaid order, ShopDb shop) => shop.Add(order); }""")]
    [InlineData("""public class Billing(IStock stock) { [LocalHandler("q")] public void Handle(OrderPaid order, IServiceProvider services) { stock.Take(1); services.GetRequiredService<IStock>().Take(1); } }""")]
    [InlineData("""public static class Billing { [LocalHandler("q")] public static void Handle(OrderPaid order, IOrders orders, ShopDb db) => orders.Add(order); } """ + Store)]
    [InlineData("""public static class Billing { [LocalHandler("q")] public static void Handle(OrderPaid order, OrderQueries orders) => orders.All(); } public class OrderQueries(ShopDb db) { public object All() => db.Orders; }""")]
    [InlineData("""public static class Billing { [LocalHandler("q")] public static void Handle(OrderPaid order, IStock stock) => stock.Take(1); }""")]
    public Task Others_are_not(string types) => HandlerCode.TypesAsync<ContextOutsideTransaction>(types);

    private const string Store = """
        public interface IOrders { void Add(OrderPaid order); }
        public class OrderStore(ShopDb db) : IOrders { public void Add(OrderPaid order) { db.Add(order); db.SaveChanges(); } }
        """;
}
