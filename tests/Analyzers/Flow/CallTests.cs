namespace Reliability.Tests.Flow;

/// <summary>Values and objects on their way through helpers, factories, interfaces, base classes and delegates, as people write them.</summary>
public sealed class CallTests
{
    [Fact]
    public Task A_factory_is_followed_with_the_arguments_of_each_call() => Verify.FileAsync<TransientMessage>(Client.RabbitMq7, """
        public static class Make
        {
            public static BasicProperties Properties(bool persistent = true, string type = "") => new BasicProperties { Persistent = persistent, Type = type };
            public static BasicProperties Filled(string id, bool keep)
            {
                var made = new BasicProperties();
                made.MessageId = id;
                Keep(made, keep);
                return made;
            }
            public static void Keep(BasicProperties properties, bool keep) => properties.Persistent = keep;
            public static BasicProperties Typed(this BasicProperties properties, string type) { properties.Type = type; return properties; }
            public static BasicProperties Durable(this BasicProperties properties) { properties.DeliveryMode = DeliveryModes.Persistent; return properties; }
        }
        class Publisher(IChannel channel)
        {
            public async Task PublishAsync(byte[] body, bool given)
            {
                await channel.BasicPublishAsync("x", "k", true, Make.Properties(), body);
                await channel.BasicPublishAsync("x", "k", true, {|REL1201:Make.Properties(false)|}, body);
                await channel.BasicPublishAsync("x", "k", true, {|REL1201:Make.Properties(type: "a", persistent: false)|}, body);
                await channel.BasicPublishAsync("x", "k", true, Make.Properties(given), body);
                await channel.BasicPublishAsync("x", "k", true, Make.Filled("1", true), body);
                await channel.BasicPublishAsync("x", "k", true, {|REL1201:Make.Filled("1", false)|}, body);
                await channel.BasicPublishAsync("x", "k", true, {|REL1201:new BasicProperties().Typed("a").Typed("b")|}, body);
                await channel.BasicPublishAsync("x", "k", true, new BasicProperties().Typed("a").Durable().Typed("b"), body);
                var mine = new BasicProperties();
                Make.Keep(mine, keep: false);
                await channel.BasicPublishAsync("x", "k", true, {|REL1201:mine|}, body);
                Make.Keep(mine, keep: true);
                await channel.BasicPublishAsync("x", "k", true, mine, body);
            }
        }
        """);

    [Fact]
    public Task Helpers_that_call_themselves_come_to_an_end() => Verify.FileAsync<AutoAck>(Client.RabbitMq6, """
        class C
        {
            static bool Round(int n) => n > 0 ? Round(n - 1) : true;
            static bool Ping(int n) => Pong(n);
            static bool Pong(int n) => Ping(n);
            void M(IModel channel)
            {
                channel.BasicGet("q", Round(3));
                channel.BasicGet("q", Ping(3));
            }
        }
        """);

    [Fact]
    public Task An_interface_of_the_project_means_what_implements_it() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, """
        public interface IPersistentConnection { bool TryConnect(); IModel CreateModel(); IModel Shared { get; } }
        public class DefaultPersistentConnection : IPersistentConnection
        {
            private readonly IConnectionFactory _factory;
            private IConnection _connection;
            public DefaultPersistentConnection(IConnectionFactory factory) => _factory = factory;
            public IModel Shared => _connection.CreateModel();
            public bool TryConnect() { _connection = _factory.CreateConnection(); return _connection.IsOpen; }
            public IModel CreateModel()
            {
                if (_connection == null) throw new InvalidOperationException("No RabbitMQ connections are available");
                return _connection.CreateModel();
            }
        }
        public interface IConfirmedConnection { IModel CreateModel(); }
        public class ConfirmedConnection : IConfirmedConnection
        {
            private readonly IConnection _connection;
            public ConfirmedConnection(IConnection connection) => _connection = connection;
            public IModel CreateModel() { var channel = _connection.CreateModel(); channel.ConfirmSelect(); return channel; }
        }
        public interface IElsewhere { IModel CreateModel(); }
        public class EventBus
        {
            private readonly IPersistentConnection _persistentConnection;
            private readonly IConfirmedConnection _confirmed;
            private readonly IElsewhere _elsewhere;
            public EventBus(IPersistentConnection persistentConnection, IConfirmedConnection confirmed, IElsewhere elsewhere) =>
                (_persistentConnection, _confirmed, _elsewhere) = (persistentConnection, confirmed, elsewhere);
            public void Publish(byte[] body)
            {
                using var channel = _persistentConnection.CreateModel();
                channel.{|REL1202:BasicPublish|}("x", "k", null, body);
                _persistentConnection.Shared.{|REL1202:BasicPublish|}("x", "k", null, body);
                using var confirmed = _confirmed.CreateModel();
                confirmed.BasicPublish("x", "k", null, body);
                using var elsewhere = _elsewhere.CreateModel();
                elsewhere.BasicPublish("x", "k", null, body);
            }
        }
        """);

    [Fact]
    public Task Lazy_values_and_delegates_yield_what_their_functions_return() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq6, """
        class Lazily
        {
            private readonly Lazy<IConnection> _connection;
            private readonly Lazy<IModel> _plain;
            private readonly Lazy<IModel> _confirmed;
            public Lazily(ConnectionFactory factory)
            {
                _connection = new Lazy<IConnection>(() => factory.CreateConnection());
                _plain = new Lazy<IModel>(() => _connection.Value.CreateModel(), isThreadSafe: true);
                _confirmed = new Lazy<IModel>(Confirmed);
            }
            private IModel Confirmed() { var own = _connection.Value.CreateModel(); own.ConfirmSelect(); return own; }
            public void Publish(byte[] body)
            {
                _plain.Value.{|REL1202:BasicPublish|}("x", "k", null, body);
                _confirmed.Value.BasicPublish("x", "k", null, body);
                Func<IModel> create = () => _connection.Value.CreateModel();
                using var made = create();
                made.{|REL1202:BasicPublish|}("x", "k", null, body);
            }
        }
        """);

    [Fact]
    public Task A_handler_publishes_on_the_channel_of_its_consumer() => Verify.FileAsync<MissingConfirms>(Client.RabbitMq7, """
        class Worker(IConnection connection)
        {
            public async Task StartAsync(IChannel given)
            {
                var channel = await connection.CreateChannelAsync();
                var consumer = new AsyncEventingBasicConsumer(channel);
                consumer.ReceivedAsync += OnReceivedAsync;
                consumer.ReceivedAsync += async (sender, ea) => await ((AsyncEventingBasicConsumer)sender).Channel.{|REL1202:BasicPublishAsync|}("x", "k", ea.Body);
                var other = new AsyncEventingBasicConsumer(given);
                other.ReceivedAsync += async (sender, ea) => await ((AsyncEventingBasicConsumer)sender).Channel.BasicPublishAsync("x", "k", ea.Body);
            }

            private async Task OnReceivedAsync(object sender, BasicDeliverEventArgs ea)
            {
                var consumer = (AsyncEventingBasicConsumer)sender;
                await consumer.Channel.{|REL1202:BasicPublishAsync|}("x", "k", ea.Body);
            }
        }
        """);

    [Fact]
    public Task A_channel_of_a_base_class_is_known_by_all_of_the_family() => Verify.FilesAsync<MissingConfirms>(Client.RabbitMq6, [
        """
        public abstract class Base
        {
            protected IModel Channel;
            protected IModel Confirmed { get; private set; }
            protected void Connect(IConnection connection)
            {
                Channel = connection.CreateModel();
                Confirmed = connection.CreateModel();
            }
        }
        """,
        """
        public class Sender : Base
        {
            public void Send(byte[] body)
            {
                Channel.{|REL1202:BasicPublish|}("x", "k", null, body);
                Confirmed.BasicPublish("x", "k", null, body);
            }
        }
        public class Other : Base { public void Prepare() => Confirmed.ConfirmSelect(); }
        """]);

    [Theory]
    [InlineData("class Mine : ConsumerConfig { public Mine(string group) { GroupId = group; } }", true)]
    [InlineData("class Mine : ConsumerConfig { public Mine(string group) : this(group, true) { } Mine(string group, bool auto) { GroupId = group; EnableAutoCommit = auto; } }", true)]
    [InlineData("class Mine : ConsumerConfig { public Mine(string group) : base(new ClientConfig { ClientId = group }) { } }", true)]
    [InlineData("class Mine : ConsumerConfig { public Mine(string group) { EnableAutoCommit = false; } }", false)]
    [InlineData("class Mine : ConsumerConfig { public Mine(string group) { this.Set(\"enable.auto.commit\", \"false\"); } }", false)]
    [InlineData("class Mine : ConsumerConfig { public Mine(string group) : base(Shared.Of(group)) { } } static class Shared { public static Func<string, ClientConfig> Of; }", false)]
    [InlineData("class Mine : Middle { public Mine(string group) { GroupId = group; } } class Middle : ConsumerConfig { protected Middle() { EnableAutoCommit = false; } }", false)]
    [InlineData("class Mine : ConsumerConfig { public Mine(string group) { Init(); } void Init() => EnableAutoCommit = false; }", false)]
    public Task A_subclass_of_a_configuration_is_followed_through_its_constructors(string type, bool reported)
    {
        var argument = reported ? "{|REL2001:config|}" : "config";
        return Verify.FileAsync<AutoCommit>(Client.Kafka2, $$"""
            {{type}}
            class C { void M() { var config = new Mine("g") { BootstrapServers = "b" }; using var consumer = new ConsumerBuilder<string, string>({{argument}}).Build(); } }
            """);
    }

    [Fact]
    public Task Keys_may_be_constants_of_the_project() => Verify.FileAsync<AutoCommit>(Client.Kafka1, """
        static class Keys { public const string Commit = "enable.auto.commit"; public static readonly string Store = "enable.auto.offset.store"; public static string Other { get; set; } = ""; }
        class C
        {
            void M()
            {
                new ConsumerBuilder<string, string>(new Dictionary<string, string> { [Keys.Commit] = "false" }).Build();
                new ConsumerBuilder<string, string>(new Dictionary<string, string> { { Keys.Store, "false" } }).Build();
                new ConsumerBuilder<string, string>({|REL2001:new Dictionary<string, string> { [Keys.Commit] = "true", [Keys.Store] = "true" }|}).Build();
                new ConsumerBuilder<string, string>(new Dictionary<string, string> { [Keys.Other] = "true" }).Build();
            }
        }
        """);
}
