namespace Reliability.Tests.RabbitMQ;

public sealed class AsyncVoidHandlerTests
{
    private const string Connected = "var connection2 = new ConnectionFactory { HostName = \"h\" }.CreateConnection(); var own = connection2.CreateModel(); ";

    [Theory]
    [InlineData("var c = new EventingBasicConsumer(channel); c.Received += {|REL1009:async|} (s, e) => await Task.Yield();")]
    [InlineData("var c = new EventingBasicConsumer(channel); c.Received += {|REL1009:async|} delegate { await Task.Yield(); };")]
    [InlineData("var c = new EventingBasicConsumer(channel); c.Received += {|REL1009:Handle|}; async void Handle(object s, BasicDeliverEventArgs e) => await Task.Yield();")]
    [InlineData("new EventingBasicConsumer(channel).Received += {|REL1009:async|} (s, e) => { await Task.Yield(); };")]
    [InlineData(Connected + "var c = {|REL1009:new AsyncEventingBasicConsumer(own)|};")]
    [InlineData("var factory = new ConnectionFactory(); factory.DispatchConsumersAsync = false; using var own = factory.CreateConnection().CreateModel(); var c = {|REL1009:new AsyncEventingBasicConsumer(own)|};")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<AsyncVoidHandler>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("var c = new EventingBasicConsumer(channel); c.Received += (s, e) => { };")]
    [InlineData("var c = new EventingBasicConsumer(channel); c.Received += (s, e) => Task.Run(async () => await Task.Yield());")]
    [InlineData("var c = new AsyncEventingBasicConsumer(channel); c.Received += async (s, e) => await Task.Yield();")]
    [InlineData("var c = new EventingBasicConsumer(channel); c.Shutdown += async (s, e) => await Task.Yield();")]
    [InlineData("var factory = new ConnectionFactory { DispatchConsumersAsync = true }; using var own = factory.CreateConnection().CreateModel(); var c = new AsyncEventingBasicConsumer(own);")]
    [InlineData("var factory = new ConnectionFactory { DispatchConsumersAsync = flag }; using var own = factory.CreateConnection().CreateModel(); var c = new AsyncEventingBasicConsumer(own);")]
    [InlineData("var own = connection.CreateModel(); var c = new AsyncEventingBasicConsumer(own);")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<AsyncVoidHandler>(Client.RabbitMq6, statement);

    [Fact]
    public Task Version_7_waits_for_every_handler() => Verify.BodyAsync<AsyncVoidHandler>(
        Client.RabbitMq7, "var c = new AsyncEventingBasicConsumer(channel); c.ReceivedAsync += async (s, e) => await Task.Yield();");

    [Fact]
    public Task Connection_and_channel_are_followed_through_fields() => Verify.FileAsync<AsyncVoidHandler>(Client.RabbitMq6, """
        class Worker
        {
            private readonly IConnection _connection;
            private readonly IModel _channel;
            public Worker()
            {
                var factory = new ConnectionFactory() { HostName = "localhost" };
                _connection = factory.CreateConnection();
                _channel = _connection.CreateModel();
            }
            public void Start()
            {
                var consumer = {|REL1009:new AsyncEventingBasicConsumer(_channel)|};
                consumer.Received += async (s, e) => await Task.Yield();
                var sync = new EventingBasicConsumer(_channel);
                sync.Received += {|REL1009:OnReceived|};
            }
            private async void OnReceived(object sender, BasicDeliverEventArgs e) => await Task.Yield();
        }
        """);
}
