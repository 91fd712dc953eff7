namespace Reliability.Tests.RabbitMQ;

public sealed class NeverSettledTests
{
    [Theory]
    [InlineData("consumer.Received += (s, e) => Console.WriteLine(Encoding.UTF8.GetString(e.Body.ToArray())); own.{|REL1003:BasicConsume|}(\"q\", false, consumer);")]
    [InlineData("consumer.Received += Handle; own.{|REL1003:BasicConsume|}(consumer, \"q\"); void Handle(object s, BasicDeliverEventArgs e) { Use(e.Body.ToArray()); }")]
    [InlineData("consumer.Received += OnReceived; own.{|REL1003:BasicConsume|}(\"q\", autoAck: false, consumer: consumer);")]
    public Task Version_6_reports(string statements) => SixAsync(statements);

    [Theory]
    [InlineData("consumer.Received += (s, e) => Console.WriteLine(e.RoutingKey); own.BasicConsume(\"q\", true, consumer);")]
    [InlineData("consumer.Received += (s, e) => own.BasicAck(e.DeliveryTag, false); own.BasicConsume(\"q\", false, consumer);")]
    [InlineData("consumer.Received += (s, e) => { try { Use(e.Body.ToArray()); } finally { own.BasicReject(e.DeliveryTag, false); } }; own.BasicConsume(\"q\", false, consumer);")]
    [InlineData("consumer.Received += (s, e) => Elsewhere(e); own.BasicConsume(\"q\", false, consumer);")]
    [InlineData("consumer.Received += (s, e) => Tags.Add(e.DeliveryTag); own.BasicConsume(\"q\", false, consumer);")]
    [InlineData("consumer.Received += Given; own.BasicConsume(\"q\", false, consumer);")]
    [InlineData("own.BasicConsume(\"q\", false, consumer);")]
    [InlineData("consumer.Received += (s, e) => { }; consumer.Received += (s, e) => own.BasicAck(e.DeliveryTag, false); own.BasicConsume(\"q\", false, consumer);")]
    public Task Version_6_is_silent(string statements) => SixAsync(statements);

    [Fact]
    public Task Version_7_reports() => Verify.FileAsync<NeverSettled>(Client.RabbitMq7, """
        class C
        {
            private AsyncEventingBasicConsumer? _consumer;
            async Task M(IChannel channel, byte[] last)
            {
                var consumer = new AsyncEventingBasicConsumer(channel);
                consumer.ReceivedAsync += async (s, e) => { await Task.Delay(1); last = e.Body.ToArray(); };
                await channel.{|REL1003:BasicConsumeAsync|}("q", false, consumer);
                _consumer = new AsyncEventingBasicConsumer(channel);
                _consumer.ReceivedAsync += OnReceivedAsync;
                await channel.{|REL1003:BasicConsumeAsync|}("q", false, _consumer);
                var good = new AsyncEventingBasicConsumer(channel);
                good.ReceivedAsync += async (s, e) => await channel.BasicAckAsync(e.DeliveryTag, false);
                await channel.BasicConsumeAsync("q", false, good);
            }
            private Task OnReceivedAsync(object sender, BasicDeliverEventArgs e) { Console.WriteLine(e.RoutingKey); return Task.CompletedTask; }
        }
        """);

    private static Task SixAsync(string statements) => Verify.FileAsync<NeverSettled>(Client.RabbitMq6, $$"""
        class C
        {
            public List<ulong> Tags = new List<ulong>();
            public EventHandler<BasicDeliverEventArgs> Given;
            void M(IModel own) { var consumer = new EventingBasicConsumer(own); {{statements}} }
            private void OnReceived(object sender, BasicDeliverEventArgs e) => Use(e.Body.ToArray());
            static void Use(byte[] body) { }
            static void Elsewhere(BasicDeliverEventArgs e) { }
        }
        """);
}
