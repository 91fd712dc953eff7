namespace Reliability.Tests.RabbitMQ;

public sealed class UnroutableTests
{
    [Theory]
    [InlineData("""channel.BasicPublish("x", "k", {|REL1204:false|}, null, body);""")]
    [InlineData("""channel.{|REL1204:BasicPublish|}("x", "k", null, body);""")]
    [InlineData("""channel.{|REL1204:BasicPublish|}(exchange: "x", routingKey: "k", basicProperties: null, body: body);""")]
    [InlineData("""channel.{|REL1204:BasicPublish|}(new PublicationAddress("direct", "x", "k"), null, body);""")]
    [InlineData("""const string X = "x"; channel.BasicPublish(X, "k", {|REL1204:flag ? true : false|}, null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.{|REL1204:BasicPublish|}("x", "k", true, null, body);""")]
    [InlineData("""channel.CreateBasicPublishBatch().Add("x", "k", {|REL1204:false|}, null, new ReadOnlyMemory<byte>(body));""")]
    [InlineData("""channel.ExchangeDeclare(text, "direct", true); channel.{|REL1204:BasicPublish|}(text, "k", null, body);""")]
    [InlineData("""channel.QueueBind("q", text, "k"); channel.BasicPublish(text, "k", {|REL1204:false|}, null, body);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<Unroutable>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.BasicPublish("", "q", false, null, body);""")]
    [InlineData("""channel.BasicPublish(text, "k", null, body);""")]
    [InlineData("""var other = text + "x"; channel.ExchangeDeclare(other, "direct", true); channel.BasicPublish(text, "k", null, body);""")]
    [InlineData("""channel.ExchangeDeclare(text, "direct", true); channel.BasicPublish(text, "k", true, null, body);""")]
    [InlineData("""channel.BasicPublish("x", "k", true, null, body);""")]
    [InlineData("""channel.BasicPublish("x", "k", flag, null, body);""")]
    [InlineData("""var own = connection.CreateModel(); own.BasicReturn += (s, e) => { }; own.BasicPublish("x", "k", true, null, body);""")]
    [InlineData("""channel.BasicPublish(string.Empty, "q", null, body);""")]
    [InlineData("""channel.BasicPublish(new PublicationAddress("direct", text, "k"), null, body);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<Unroutable>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.{|REL1204:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""await channel.BasicPublishAsync("x", "k", {|REL1204:false|}, body);""")]
    [InlineData("""await channel.ExchangeDeclareAsync(text, "topic", true); await channel.{|REL1204:BasicPublishAsync|}(text, "k", body);""")]
    [InlineData("""await channel.BasicPublishAsync("x", "k", mandatory: {|REL1204:false|}, basicProperties: new BasicProperties(), body: body);""")]
    [InlineData("""await channel.{|REL1204:BasicPublishAsync|}(new CachedString("x"), new CachedString("k"), body);""")]
    [InlineData("""await channel.BasicPublishAsync(new CachedString("x"), new CachedString("k"), {|REL1204:false|}, new BasicProperties(), body);""")]
    [InlineData("""await channel.{|REL1204:BasicPublishAsync|}(new PublicationAddress("direct", "x", "k"), new BasicProperties(), body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(true, false)); own.BasicAcksAsync += async (s, e) => await Task.Yield(); await own.{|REL1204:BasicPublishAsync|}("x", "k", true, body);""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<Unroutable>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.BasicPublishAsync("", "q", body);""")]
    [InlineData("""await channel.BasicPublishAsync(text, "k", body);""")]
    [InlineData("""await channel.ExchangeDeclareAsync("x", "topic", true); await channel.BasicPublishAsync(text, "k", body);""")]
    [InlineData("""await channel.BasicPublishAsync("x", "k", true, body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(); await own.BasicPublishAsync("x", "k", true, body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(new CreateChannelOptions(true, true)); await own.BasicPublishAsync("x", "k", true, body);""")]
    [InlineData("""var own = await connection.CreateChannelAsync(); own.BasicReturnAsync += async (s, e) => await Task.Yield(); await own.BasicPublishAsync("x", "k", true, body);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<Unroutable>(Client.RabbitMq7, statement);
}
