namespace Reliability.Tests.RabbitMQ;

public sealed class AutoAckTests
{
    [Theory]
    [InlineData("""channel.BasicConsume("q", {|REL1001:true|}, "tag", false, false, null, consumer);""")]
    [InlineData("""channel.BasicConsume(queue: "q", autoAck: {|REL1001:true|}, consumerTag: "tag", noLocal: false, exclusive: false, arguments: null, consumer: consumer);""")]
    [InlineData("""channel.BasicConsume(consumer, "q", {|REL1001:true|});""")]
    [InlineData("""channel.BasicConsume(consumer: consumer, autoAck: {|REL1001:true|}, queue: "q");""")]
    [InlineData("""channel.BasicConsume("q", {|REL1001:true|}, consumer);""")]
    [InlineData("""channel.QueueDeclare("q"); channel.BasicConsume("q", {|REL1001:true|}, consumer);""")]
    [InlineData("""channel.BasicConsume("q", {|REL1001:true|}, "tag", consumer);""")]
    [InlineData("""channel.BasicConsume("q", {|REL1001:true|}, "tag", null, consumer);""")]
    [InlineData("""channel?.BasicConsume("q", {|REL1001:true|}, consumer);""")]
    [InlineData("""IModelExensions.BasicConsume(channel, "q", {|REL1001:true|}, consumer);""")]
    [InlineData("""var result = channel.BasicGet("q", {|REL1001:true|});""")]
    [InlineData("""const bool AutoAck = true; channel.BasicConsume("q", {|REL1001:AutoAck|}, consumer);""")]
    [InlineData("""var autoAck = true; channel.BasicConsume("q", {|REL1001:autoAck|}, consumer);""")]
    [InlineData("""channel.BasicConsume("q", {|REL1001:!false|}, consumer);""")]
    [InlineData("""channel.BasicConsume("q", {|REL1001:flag ? true : false|}, consumer);""")]
    [InlineData("""bool autoAck; if (flag) autoAck = true; else autoAck = false; channel.BasicConsume("q", {|REL1001:autoAck|}, consumer);""")]
    [InlineData("""bool? wanted = null; channel.BasicConsume("q", {|REL1001:wanted ?? true|}, consumer);""")]
    public Task Version_6_reports(string statement) => Verify.BodyAsync<AutoAck>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""channel.BasicConsume("q", false, consumer);""")]
    [InlineData("""channel.QueueDeclare("q", exclusive: true); channel.BasicConsume("q", true, consumer);""")]
    [InlineData("""var name = "own-" + text; channel.QueueDeclare(name); channel.BasicConsume(name, true, consumer);""")]
    [InlineData("""channel.BasicConsume(consumer, "q");""")]
    [InlineData("""channel.BasicConsume("q", flag, consumer);""")]
    [InlineData("""channel.BasicConsume("q", flag ? true : bool.Parse(text), consumer);""")]
    [InlineData("""var autoAck = true; autoAck = bool.Parse(text); channel.BasicConsume("q", autoAck, consumer);""")]
    [InlineData("""var autoAck = true; autoAck = false; channel.BasicConsume("q", autoAck, consumer);""")]
    [InlineData("""bool autoAck = true; Change(ref autoAck); channel.BasicConsume("q", autoAck, consumer); static void Change(ref bool value) => value = false;""")]
    [InlineData("""bool.TryParse(text, out var autoAck); channel.BasicConsume("q", autoAck, consumer);""")]
    [InlineData("""channel.BasicConsume("q", false, "tag", true, true, null, consumer);""")]
    [InlineData("""channel.BasicGet("q", false);""")]
    [InlineData("""channel.BasicConsume("amq.rabbitmq.reply-to", true, consumer);""")]
    [InlineData("""channel.BasicConsume(channel.QueueDeclare().QueueName, true, consumer);""")]
    [InlineData("""var reply = channel.QueueDeclare(); channel.BasicConsume(reply.QueueName, true, consumer);""")]
    [InlineData("""var reply = channel.QueueDeclare("", exclusive: true).QueueName; channel.BasicConsume(reply, true, consumer);""")]
    [InlineData("""var name = "reply-" + Guid.NewGuid(); channel.QueueDeclare(name, false, true, true, null); channel.BasicConsume(name, true, consumer);""")]
    [InlineData("""System.Linq.Expressions.Expression<Action<IModel>> call = model => model.BasicGet("q", true);""")]
    public Task Version_6_is_silent(string statement) => Verify.BodyAsync<AutoAck>(Client.RabbitMq6, statement);

    [Theory]
    [InlineData("""await channel.BasicConsumeAsync("q", {|REL1001:true|}, "tag", false, false, null, consumer);""")]
    [InlineData("""await channel.BasicConsumeAsync("q", {|REL1001:true|}, consumer);""")]
    [InlineData("""await channel.BasicConsumeAsync("q", {|REL1001:true|}, "tag", consumer);""")]
    [InlineData("""await channel.BasicConsumeAsync("q", {|REL1001:true|}, "tag", null, consumer);""")]
    [InlineData("""await channel.BasicConsumeAsync(queue: "q", consumer: consumer, autoAck: {|REL1001:true|}).ConfigureAwait(false);""")]
    [InlineData("""await IChannelExtensions.BasicConsumeAsync(channel, "q", {|REL1001:true|}, consumer);""")]
    [InlineData("""var result = await channel.BasicGetAsync("q", {|REL1001:true|});""")]
    [InlineData("""var result = await channel.BasicGetAsync("q", autoAck: {|REL1001:flag ? true : false|});""")]
    public Task Version_7_reports(string statement) => Verify.BodyAsync<AutoAck>(Client.RabbitMq7, statement);

    [Theory]
    [InlineData("""await channel.BasicConsumeAsync("q", false, consumer);""")]
    [InlineData("""await channel.BasicConsumeAsync("q", flag, consumer);""")]
    [InlineData("""await channel.BasicGetAsync("q", false);""")]
    [InlineData("""await channel.BasicConsumeAsync("amq.rabbitmq.reply-to", true, consumer);""")]
    [InlineData("""var reply = await channel.QueueDeclareAsync(); await channel.BasicConsumeAsync(reply.QueueName, true, consumer);""")]
    [InlineData("""var name = (await channel.QueueDeclareAsync()).QueueName; await channel.BasicConsumeAsync(name, true, consumer);""")]
    public Task Version_7_is_silent(string statement) => Verify.BodyAsync<AutoAck>(Client.RabbitMq7, statement);

    [Fact]
    public Task A_server_named_queue_kept_in_a_field_is_a_reply_queue() => Verify.FileAsync<AutoAck>(Client.RabbitMq6, """
        class RpcClient
        {
            private readonly IModel _channel;
            private readonly string _replies;
            public RpcClient(IConnection connection)
            {
                _channel = connection.CreateModel();
                _replies = _channel.QueueDeclare().QueueName;
                _channel.BasicConsume(_replies, true, new EventingBasicConsumer(_channel));
            }
        }
        """);

    [Fact]
    public Task Values_are_followed_through_private_readonly_fields_and_properties() => Verify.FileAsync<AutoAck>(Client.RabbitMq7, """
        static class Defaults { public static readonly bool AutoAck = true; public static bool Ack => false; }
        class Consumer(IChannel channel, IAsyncBasicConsumer consumer)
        {
            private readonly bool _autoAck = true;
            private bool AutoAck { get; } = true;
            private bool Computed => AutoAck;
            private static bool Method() => true;
            public bool Settable { get; set; } = true;
            public virtual bool Overridable => true;
            public async Task RunAsync(bool parameter)
            {
                await channel.BasicConsumeAsync("q", {|REL1001:_autoAck|}, consumer);
                await channel.BasicConsumeAsync("q", {|REL1001:AutoAck|}, consumer);
                await channel.BasicConsumeAsync("q", {|REL1001:Computed|}, consumer);
                await channel.BasicConsumeAsync("q", {|REL1001:Method()|}, consumer);
                await channel.BasicConsumeAsync("q", {|REL1001:Defaults.AutoAck|}, consumer);
                await channel.BasicConsumeAsync("q", Defaults.Ack, consumer);
                await channel.BasicConsumeAsync("q", Settable, consumer);
                await channel.BasicConsumeAsync("q", Overridable, consumer);
                await channel.BasicConsumeAsync("q", parameter, consumer);
                await Private(true);
            }
            private async Task Private(bool autoAck) => await channel.BasicConsumeAsync("q", {|REL1001:autoAck|}, consumer);
        }
        """);
}
