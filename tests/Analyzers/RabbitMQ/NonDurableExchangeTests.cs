namespace Reliability.Tests.RabbitMQ;

public sealed class NonDurableExchangeTests
{
    [Theory]
    [InlineData("""channel.ExchangeDeclare("x", "fanout", {|REL1101:false|}, false, null);""")]
    [InlineData("""channel.ExchangeDeclare(exchange: "x", type: ExchangeType.Topic, durable: {|REL1101:false|}, autoDelete: false, arguments: null);""")]
    [InlineData("""channel.{|REL1101:ExchangeDeclare|}("x", "fanout");""")]
    [InlineData("""channel.{|REL1101:ExchangeDeclare|}(exchange: "logs", type: ExchangeType.Fanout, autoDelete: false);""")]
    [InlineData("""channel?.{|REL1101:ExchangeDeclare|}("x", "fanout");""")]
    [InlineData("""IModelExensions.{|REL1101:ExchangeDeclare|}(channel, "x", "fanout");""")]
    [InlineData("""channel.ExchangeDeclareNoWait("x", "fanout", {|REL1101:false|}, false, null);""")]
    [InlineData("""channel.{|REL1101:ExchangeDeclareNoWait|}("x", "fanout");""")]
    [InlineData("""channel.ExchangeDeclare(text, "fanout", durable: {|REL1101:flag ? true : false|});""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<NonDurableExchange>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.ExchangeDeclare("x", "fanout", true);""")]
    [InlineData("""channel.ExchangeDeclare("x", "fanout", autoDelete: false, durable: true);""")]
    [InlineData("""channel.ExchangeDeclare("x", "fanout", flag);""")]
    [InlineData("""channel.ExchangeDeclareNoWait("x", "fanout", durable: true);""")]
    [InlineData("""channel.ExchangeDeclarePassive("x");""")]
    [InlineData("""channel.ExchangeDeclare("", "direct");""")]
    [InlineData("""channel.ExchangeDeclare("amq.topic", "topic");""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<NonDurableExchange>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.ExchangeDeclareAsync("x", "fanout", {|REL1101:false|}, false, null, false, false, default);""")]
    [InlineData("""await channel.ExchangeDeclareAsync("x", "fanout", durable: {|REL1101:false|}, autoDelete: false, passive: false);""")]
    [InlineData("""await channel.{|REL1101:ExchangeDeclareAsync|}("x", "fanout");""")]
    [InlineData("""await channel.{|REL1101:ExchangeDeclareAsync|}(exchange: "x", type: ExchangeType.Direct, noWait: true);""")]
    [InlineData("""await channel.ExchangeDeclareAsync("x", "fanout", {|REL1101:false|});""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<NonDurableExchange>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.ExchangeDeclareAsync("x", "fanout", true);""")]
    [InlineData("""await channel.ExchangeDeclareAsync("x", "fanout", flag, false);""")]
    [InlineData("""await channel.ExchangeDeclareAsync("x", "fanout", false, false, null, true);""")]
    [InlineData("""await channel.ExchangeDeclareAsync("x", "fanout", false, false, passive: flag);""")]
    [InlineData("""await channel.ExchangeDeclarePassiveAsync("x");""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<NonDurableExchange>(Client.RabbitMq7, statement);
}
