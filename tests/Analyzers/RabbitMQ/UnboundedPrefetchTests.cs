namespace Reliability.Tests.RabbitMQ;

public sealed class UnboundedPrefetchTests
{
    [Theory]
    [InlineData("""var own = connection.CreateModel(); own.{|REL1007:BasicConsume|}("q", false, consumer);""")]
    [InlineData("""var own = connection.CreateModel(); own.{|REL1007:BasicConsume|}(consumer, "q");""")]
    [InlineData("""var own = connection.CreateModel(); own.{|REL1007:BasicConsume|}("q", false, "t", false, false, null, consumer);""")]
    [InlineData("""channel.BasicQos(0, 10, {|REL1007:true|});""")]
    [InlineData("""channel.BasicQos(prefetchSize: 0, prefetchCount: {|REL1007:0|}, global: false);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<UnboundedPrefetch>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.BasicConsume("q", false, consumer);""")]
    [InlineData("""var own = connection.CreateModel(); own.BasicQos(0, 1, false); own.BasicConsume("q", false, consumer);""")]
    [InlineData("""var own = connection.CreateModel(); own.BasicConsume("q", true, consumer);""")]
    [InlineData("""var own = connection.CreateModel(); own.BasicConsume("q", flag, consumer);""")]
    [InlineData("""var own = connection.CreateModel(); Limit(own); own.BasicConsume("q", false, consumer); static void Limit(IModel model) => model.BasicQos(0, 5, false);""")]
    [InlineData("""channel.BasicQos(0, ushort.Parse(text), false);""")]
    [InlineData("""var own = connection.CreateModel(); own.BasicConsume(own.QueueDeclare().QueueName, false, consumer);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<UnboundedPrefetch>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""var own = await connection.CreateChannelAsync(); await own.{|REL1007:BasicConsumeAsync|}("q", false, consumer);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(); await own.{|REL1007:BasicConsumeAsync|}("q", autoAck: false, consumerTag: "t", consumer);""")]
    [InlineData("""await channel.BasicQosAsync(0, 1, {|REL1007:true|});""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<UnboundedPrefetch>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.BasicConsumeAsync("q", false, consumer);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(); await own.BasicQosAsync(0, 1, false); await own.BasicConsumeAsync("q", false, consumer);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(); await own.BasicConsumeAsync("q", true, consumer);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<UnboundedPrefetch>(Client.RabbitMq7, statement);

    [Fact]
    public Task A_limit_set_anywhere_on_the_channel_counts() => Verify.FileAsync<UnboundedPrefetch>(Client.RabbitMq7, """
        class Limited(IConnection connection)
        {
            private IChannel? _channel;
            public async Task StartAsync() { _channel = await connection.CreateChannelAsync(); await LimitAsync(); await _channel.BasicConsumeAsync("q", false, new AsyncEventingBasicConsumer(_channel)); }
            private Task LimitAsync() => _channel!.BasicQosAsync(0, 10, false);
        }
        class Unlimited(IConnection connection)
        {
            private IChannel? _channel;
            public async Task StartAsync() { _channel = await connection.CreateChannelAsync(); await _channel.{|REL1007:BasicConsumeAsync|}("q", false, new AsyncEventingBasicConsumer(_channel)); }
        }
        """);
}
