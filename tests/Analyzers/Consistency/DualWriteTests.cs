namespace Reliability.Tests.Consistency;

public sealed class DualWriteTests
{
    private const string Ef = """
        namespace Microsoft.EntityFrameworkCore { public class DbContext { public int SaveChanges() => 0; public Task<int> SaveChangesAsync() => Task.FromResult(0); } }
        class Shop : Microsoft.EntityFrameworkCore.DbContext { public void Add(object entity) { } }
        """;

    [Theory]
    [InlineData("""shop.Add(this); shop.SaveChanges(); channel.{|REL3001:BasicPublish|}("x", "k", null, body);""")]
    [InlineData("""channel.{|REL3001:BasicPublish|}("x", "k", null, body); shop.SaveChanges();""")]
    [InlineData("""shop.SaveChanges(); {|REL3001:Send|}(body);""")]
    [InlineData("""shop.SaveChanges(); _bus.{|REL3001:Publish|}(body); shop.SaveChanges();""")]
    [InlineData("""transaction.Commit(); channel.{|REL3001:BasicPublish|}("x", "k", null, body);""")]
    [InlineData("""command.ExecuteNonQuery(); channel.{|REL3001:BasicPublish|}("x", "k", null, body);""")]
    [InlineData("""_work.SaveChanges(); _bus.{|REL3001:Publish|}(body);""")]
    public Task RabbitMq_6_reports(string statements) => SixAsync(statements);

    [Theory]
    [InlineData("""shop.SaveChanges();""")]
    [InlineData("""channel.BasicPublish("x", "k", null, body);""")]
    [InlineData("""command.ExecuteReader(); channel.BasicPublish("x", "k", null, body);""")]
    [InlineData("""shop.SaveChanges(); _elsewhere.Publish(body);""")]
    [InlineData("""var outbox = shop; channel.BasicPublish("x", "k", null, body); outbox.SaveChanges();""")]
    [InlineData("""Action save = () => shop.SaveChanges(); Action send = () => channel.BasicPublish("x", "k", null, body);""")]
    public Task RabbitMq_6_is_silent(string statements) => SixAsync(statements);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Kafka_reports(Client client) => Verify.FileAsync<DualWrite>(client, $$"""
        {{Ef}}
        class Orders(Shop shop, IProducer<string, string> producer)
        {
            public async Task PlaceAsync() { await shop.SaveChangesAsync(); await producer.{|REL3001:ProduceAsync|}("orders", new Message<string, string>()); }
            public async Task ReadAsync() => await producer.ProduceAsync("orders", new Message<string, string>());
        }
        class OutboxRelay(Shop shop, IProducer<string, string> producer)
        {
            public async Task RunAsync() { await producer.ProduceAsync("orders", new Message<string, string>()); await shop.SaveChangesAsync(); }
        }
        """);

    [Fact]
    public Task RabbitMq_7_reports() => Verify.FileAsync<DualWrite>(Client.RabbitMq7, $$"""
        {{Ef}}
        class Orders(Shop shop, IChannel channel)
        {
            public async Task PlaceAsync(byte[] body) { await shop.SaveChangesAsync(); await channel.{|REL3001:BasicPublishAsync|}("x", "k", body); }
        }
        """);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Repositories_and_stores_of_the_project_are_looked_into(Client client) => Verify.FileAsync<DualWrite>(client, $$"""
        {{Ef}}
        namespace MongoDB.Driver { public interface IMongoCollection<T> { Task InsertOneAsync(T document); Task<T> FindAsync(string id); } }
        interface IOrderRepository { Task AddAsync(string order); Task<string> GetAsync(string id); }
        class OrderRepository(MongoDB.Driver.IMongoCollection<string> orders) : IOrderRepository
        {
            public async Task AddAsync(string order) => await InsertAsync(order);
            private Task InsertAsync(string order) => orders.InsertOneAsync(order);
            public async Task<string> GetAsync(string id) => await orders.FindAsync(id);
        }
        interface IEventProducer { Task ProduceAsync(string topic, string text); }
        class EventProducer(IProducer<string, string> producer) : IEventProducer
        {
            public async Task ProduceAsync(string topic, string text) => await producer.ProduceAsync(topic, new Message<string, string> { Value = text });
        }
        class Outbox { public void Add(string text) { } }
        class Orders(IOrderRepository repository, IEventProducer events, MongoDB.Driver.IMongoCollection<string> all)
        {
            public async Task PlaceAsync(string order) { await repository.AddAsync(order); await events.{|REL3001:ProduceAsync|}("orders", order); }
            public async Task DirectAsync(string order) { await events.{|REL3001:ProduceAsync|}("orders", order); await all.InsertOneAsync(order); }
            public async Task ReadAsync(string id) { var order = await repository.GetAsync(id); await events.ProduceAsync("asked", order); }
            public async Task CallsAsync(string order) { await PlaceAsync(order); await PlaceAsync(order); }
        }
        class Careful(IOrderRepository repository, IEventProducer events, Outbox outbox)
        {
            public async Task PlaceAsync(string order) { outbox.Add(order); await repository.AddAsync(order); await events.ProduceAsync("orders", order); }
        }
        """);

    [Theory]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(string text, DbCommand command, IChannel channel) { command.ExecuteNonQuery(); await channel.BasicPublishAsync("x", "k", new byte[1]); }""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(string text, DbCommand command, IChannel channel) { await Inner(); async Task Inner() { command.ExecuteNonQuery(); await channel.BasicPublishAsync("x", "k", new byte[1]); } }""")]
    [InlineData("""public static async Task NoHandler(string text, DbCommand command, IChannel channel) { command.ExecuteNonQuery(); await channel.{|REL3001:BasicPublishAsync|}("x", "k", new byte[1]); }""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(string text, DbCommand command, IChannel channel) { command.ExecuteNonQuery(); await {|REL3001:SendAsync|}(channel); } private static async Task SendAsync(IChannel channel) => await channel.BasicPublishAsync("x", "k", new byte[1]);""")]
    public Task A_handler_that_publishes_by_itself_is_another_rules(string members) => Verify.FileAsync<DualWrite>(Client.Handlers, $"public static class Billing {{ {members} }}");

    private static Task SixAsync(string statements) => Verify.FileAsync<DualWrite>(Client.RabbitMq6, $$"""
        {{Ef}}
        public interface IBus { void Publish(byte[] body); }
        class Bus : IBus { private readonly IModel _channel; public Bus(IModel channel) => _channel = channel; public void Publish(byte[] body) => Send(body); private void Send(byte[] body) => _channel.BasicPublish("x", "k", null, body); }
        public interface IElsewhere { void Publish(byte[] body); }
        public interface IUnitOfWork { int SaveChanges(); }
        class UnitOfWork : IUnitOfWork { private readonly Shop _shop; public UnitOfWork(Shop shop) => _shop = shop; public int SaveChanges() => _shop.SaveChanges(); }
        class Orders
        {
            private IBus _bus; private IElsewhere _elsewhere; private IUnitOfWork _work; private IModel _channel;
            private void Send(byte[] body) => _channel.BasicPublish("x", "k", null, body);
            void Run(Shop shop, IModel channel, System.Data.Common.DbTransaction transaction, System.Data.Common.DbCommand command, byte[] body)
            {
                {{statements}}
            }
        }
        """);
}
