namespace Reliability.Tests.RabbitMQ;

public sealed class TransientMessageTests
{
    [Theory]
    [InlineData("""channel.BasicPublish("x", "k", false, {|REL1201:null|}, body);""")]
    [InlineData("""channel.BasicPublish(exchange: "", routingKey: "q", basicProperties: {|REL1201:null|}, body: body);""")]
    [InlineData("""channel.BasicPublish("x", "k", {|REL1201:null|}, body);""")]
    [InlineData("""channel.BasicPublish(new PublicationAddress("direct", "x", "k"), {|REL1201:null|}, body);""")]
    [InlineData("""channel.{|REL1201:BasicPublish|}("x", "k", body: body);""")]
    [InlineData("""channel.{|REL1201:BasicPublish|}("x", "k", mandatory: true, body: body);""")]
    [InlineData("""channel.BasicPublish("x", "k", {|REL1201:channel.CreateBasicProperties()|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.ContentType = "text/plain"; p.Headers = new Dictionary<string, object>(); channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.Headers ??= new Dictionary<string, object>(); p.Headers["a"] = 1; p.Priority += 1; channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.Persistent = false; channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.DeliveryMode = 1; channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); if (flag) p.Persistent = true; channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.Persistent = true; p.ClearDeliveryMode(); channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.Persistent = !flag ? true : false; channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = flag ? channel.CreateBasicProperties() : null; channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""IBasicProperties p = null; channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var batch = channel.CreateBasicPublishBatch(); batch.Add("x", "k", false, {|REL1201:null|}, new ReadOnlyMemory<byte>(body));""")]
    [InlineData("""var p = channel.CreateBasicProperties(); channel.BasicPublish("x", "k", {|REL1201:p|}, body); p.Persistent = true;""")]
    [InlineData("""var p = channel.CreateBasicProperties(); consumer.ToString(); Action send = () => channel.BasicPublish("x", "k", {|REL1201:p|}, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); foreach (var c in text) { channel.BasicPublish("x", "k", {|REL1201:p|}, body); p.Persistent = true; }""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<TransientMessage>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""var p = channel.CreateBasicProperties(); p.Persistent = true; channel.BasicPublish("x", "k", p, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.DeliveryMode = 2; channel.BasicPublish("x", "k", p, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.DeliveryMode = (byte)(1 + 1); channel.BasicPublish("x", "k", p, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); p.Persistent = flag; channel.BasicPublish("x", "k", p, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); if (flag) p.Persistent = true; else p.DeliveryMode = 2; channel.BasicPublish("x", "k", p, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); if (flag) { p.Persistent = true; } else { return; } channel.BasicPublish("x", "k", p, body);""")]
    [InlineData("""var p = channel.CreateBasicProperties(); var q = p; q.Persistent = true; channel.BasicPublish("x", "k", p, body);""")]
    [InlineData("""var p = Fill(channel.CreateBasicProperties()); channel.BasicPublish("x", "k", p, body); static IBasicProperties Fill(IBasicProperties fresh) { fresh.Persistent = true; return fresh; }""")]
    [InlineData("""var p = channel.CreateBasicProperties(); Out.Of.View(p); channel.BasicPublish("x", "k", p, body); } static class Out { public abstract class Of { public static Action<IBasicProperties> View; }""")]
    [InlineData("""BasicDeliverEventArgs ea = null; channel.BasicPublish("x", "k", ea.BasicProperties, body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null; var p = channel.CreateBasicProperties(); p.CorrelationId = ea.BasicProperties.CorrelationId; channel.BasicPublish("", ea.BasicProperties.ReplyTo, p, body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null; var to = ea.BasicProperties.ReplyTo; channel.BasicPublish("", to, null, body);""")]
    [InlineData("""channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "quorum" }); channel.BasicPublish("", "q", null, body);""")]
    [InlineData("""var arguments = new Dictionary<string, object> { { "x-queue-type", "stream" } }; channel.QueueDeclare(text, true, false, false, arguments); channel.BasicPublish("", text, null, body);""")]
    [InlineData("""System.Linq.Expressions.Expression<Action<IModel>> verify = model => model.BasicPublish("x", "k", false, null, default);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<TransientMessage>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.{|REL1201:BasicPublishAsync|}("x", "k", body);""")]
    [InlineData("""await channel.{|REL1201:BasicPublishAsync|}("x", "k", true, body);""")]
    [InlineData("""await channel.{|REL1201:BasicPublishAsync|}(exchange: "", routingKey: "q", body: body);""")]
    [InlineData("""await channel.{|REL1201:BasicPublishAsync|}(new CachedString("x"), new CachedString("k"), body);""")]
    [InlineData("""await channel.{|REL1201:BasicPublishAsync|}(new CachedString("x"), new CachedString("k"), true, body);""")]
    [InlineData("""await IChannelExtensions.{|REL1201:BasicPublishAsync|}(channel, "x", "k", body);""")]
    [InlineData("""await channel.BasicPublishAsync("x", "k", false, {|REL1201:new BasicProperties()|}, body);""")]
    [InlineData("""await channel.BasicPublishAsync<BasicProperties>("x", "k", false, {|REL1201:new()|}, body);""")]
    [InlineData("""await channel.BasicPublishAsync(new CachedString("x"), new CachedString("k"), false, {|REL1201:new BasicProperties { ContentType = "a" }|}, body);""")]
    [InlineData("""await channel.BasicPublishAsync(new PublicationAddress("direct", "x", "k"), {|REL1201:new BasicProperties { Persistent = false }|}, body);""")]
    [InlineData("""BasicProperties p = new() { DeliveryMode = DeliveryModes.Transient }; await channel.BasicPublishAsync("x", "k", true, {|REL1201:p|}, body);""")]
    [InlineData("""var p = new BasicProperties(); await channel.BasicPublishAsync("x", "k", mandatory: true, basicProperties: {|REL1201:p|}, body: body);""")]
    [InlineData("""var p = new BasicProperties(new BasicProperties()); await channel.BasicPublishAsync("x", "k", true, {|REL1201:p|}, body);""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<TransientMessage>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.BasicPublishAsync("x", "k", false, new BasicProperties { Persistent = true }, body);""")]
    [InlineData("""await channel.BasicPublishAsync("x", "k", false, new BasicProperties { DeliveryMode = DeliveryModes.Persistent }, body);""")]
    [InlineData("""BasicProperties p = new(); p.Persistent = true; await channel.BasicPublishAsync("x", "k", true, p, body);""")]
    [InlineData("""var p = new BasicProperties(new BasicProperties { Persistent = true }); await channel.BasicPublishAsync("x", "k", true, p, body);""")]
    [InlineData("""var p = new BasicProperties { Persistent = true }; var q = new BasicProperties(p); p.Persistent = false; await channel.BasicPublishAsync("x", "k", true, q, body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null!; await channel.BasicPublishAsync("x", "k", true, new BasicProperties(ea.BasicProperties), body);""")]
    [InlineData("""BasicDeliverEventArgs ea = null!; await channel.BasicPublishAsync("", ea.BasicProperties.ReplyTo!, true, new BasicProperties { CorrelationId = "1" }, body);""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }); await channel.BasicPublishAsync("", "q", body);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<TransientMessage>(Client.RabbitMq7, statement);

    [Fact]
    public Task Properties_kept_in_a_private_field_are_followed_from_the_constructor() => Verify.FileAsync<TransientMessage>(Client.RabbitMq6, """
        class Publisher
        {
            private readonly IModel _channel;
            private readonly IBasicProperties _good;
            private readonly IBasicProperties _bad;
            private readonly IBasicProperties _late;
            public Publisher(IModel channel)
            {
                _channel = channel;
                _good = channel.CreateBasicProperties();
                _good.Persistent = true;
                var bad = channel.CreateBasicProperties();
                bad.ContentType = "application/json";
                _bad = bad;
                _late = channel.CreateBasicProperties();
            }
            public void Configure() => _late.Persistent = true;
            private IBasicProperties _filled;
            public void Fill(byte[] body)
            {
                _filled = _channel.CreateBasicProperties();
                FillIn();
                _channel.BasicPublish("x", "k", _filled, body);
                var stored = _channel.CreateBasicProperties();
                _filled = stored;
                FillIn();
                _channel.BasicPublish("x", "k", stored, body);
            }
            private void FillIn() => _filled.Persistent = true;
            public void Publish(byte[] body)
            {
                _channel.BasicPublish("x", "k", _good, body);
                _channel.BasicPublish("x", "k", {|REL1201:_bad|}, body);
                _channel.BasicPublish("x", "k", _late, body);
            }
        }
        """);

    [Fact]
    public Task A_program_that_declares_a_quorum_queue_stores_every_message() => Verify.ProgramAsync<TransientMessage>(Client.RabbitMq7, """
        const string Queue = "orders";
        using var connection = await new ConnectionFactory().CreateConnectionAsync();
        using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync(Queue, true, false, false, new Dictionary<string, object?> { { "x-queue-type", "quorum" } });
        await channel.BasicPublishAsync("", Queue, new byte[1]);
        await channel.{|REL1201:BasicPublishAsync|}("", "other", new byte[1]);
        """);

    [Fact]
    public Task A_factory_method_in_view_is_followed() => Verify.FileAsync<TransientMessage>(Client.RabbitMq7, """
        class Publisher(IChannel channel)
        {
            public async Task PublishAsync(byte[] body)
            {
                await channel.BasicPublishAsync("x", "k", true, {|REL1201:Fresh("a")|}, body);
                await channel.BasicPublishAsync("x", "k", true, Durable(), body);
            }
            private static BasicProperties Fresh(string type) { var p = new BasicProperties(); p.Type = type; return p; }
            private static BasicProperties Durable() => new() { Persistent = true };
        }
        """);
}
