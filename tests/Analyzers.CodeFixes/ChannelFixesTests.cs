using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

/// <summary>Fixes that change one call on a channel, or put one beside it.</summary>
public class ChannelFixesTests
{
    [Theory]
    [InlineData("""channel.{|REL1103:QueueDeclare|}("q", durable: true);""", """channel.QueueDeclare("q", durable: true, exclusive: false, autoDelete: false);""")]
    [InlineData("""channel.{|REL1103:QueueDeclare|}("q");""", """channel.QueueDeclare("q", durable: true, exclusive: false, autoDelete: false);""")]
    [InlineData("""channel.QueueDeclare("q", true, {|REL1103:true|}, true, null);""", """channel.QueueDeclare("q", true, false, false, null);""")]
    [InlineData("""channel.{|REL1103:QueueDeclare|}("q", durable: true, arguments: null);""", """channel.QueueDeclare("q", durable: true, exclusive: false, autoDelete: false, arguments: null);""")]
    public Task A_version_6_queue_outlives_its_connection(string statement, string mended) =>
        FixOf<ConnectionBoundQueue, ConnectionBoundQueueFix>.Mends(Client.RabbitMq6, Version6(statement), Version6(mended));

    [Theory]
    [InlineData(
        """await channel.{|REL1103:QueueDeclareAsync|}(queue: "q", durable: true, autoDelete: false);""",
        """await channel.QueueDeclareAsync(queue: "q", durable: true, exclusive: false, autoDelete: false);""")]
    [InlineData("""await channel.QueueDeclareAsync("q", true, false, {|REL1103:true|});""", """await channel.QueueDeclareAsync("q", true, false, false);""")]
    public Task A_version_7_queue_outlives_its_connection(string statement, string mended) =>
        FixOf<ConnectionBoundQueue, ConnectionBoundQueueFix>.Mends(Client.RabbitMq7, Version7(statement), Version7(mended));

    [Theory]
    [InlineData(
        "using var own = connection.CreateModel();\nown.{|REL1007:BasicConsume|}(\"a\", false, consumer);\nown.{|REL1007:BasicConsume|}(\"b\", false, consumer);",
        "using var own = connection.CreateModel();\nown.BasicQos(prefetchSize: 0, prefetchCount: 50, global: false);\nown.BasicConsume(\"a\", false, consumer);\nown.BasicConsume(\"b\", false, consumer);")]
    [InlineData("channel.BasicQos(0, 10, {|REL1007:true|});", "channel.BasicQos(0, 10, false);")]
    [InlineData("channel.BasicQos(0, {|REL1007:0|}, false);", "channel.BasicQos(0, 50, false);")]
    public Task A_version_6_consumer_is_limited(string statements, string mended) =>
        FixOf<UnboundedPrefetch, UnboundedPrefetchFix>.Mends(Client.RabbitMq6, Version6(statements), Version6(mended));

    [Fact]
    public Task A_version_7_consumer_is_limited() => FixOf<UnboundedPrefetch, UnboundedPrefetchFix>.Mends(
        Client.RabbitMq7,
        Version7("await using var own = await connection.CreateChannelAsync();\nvar tag = await own.{|REL1007:BasicConsumeAsync|}(\"a\", false, consumer);"),
        Version7("await using var own = await connection.CreateChannelAsync();\nawait own.BasicQosAsync(prefetchSize: 0, prefetchCount: 50, global: false);\nvar tag = await own.BasicConsumeAsync(\"a\", false, consumer);"));

    [Theory]
    [InlineData("""channel.{|REL1204:BasicPublish|}("x", "k", properties, body);""", """channel.BasicPublish("x", "k", mandatory: true, properties, body);""")]
    [InlineData("""channel.{|REL1204:BasicPublish|}("x", "k", body: body);""", """channel.BasicPublish("x", "k", mandatory: true, body: body);""")]
    [InlineData("""channel.BasicPublish("x", "k", {|REL1204:false|}, properties, body);""", """channel.BasicPublish("x", "k", true, properties, body);""")]
    [InlineData(
        """channel.{|REL1204:BasicPublish|}(exchange: "x", routingKey: "k", basicProperties: properties, body: body);""",
        """channel.BasicPublish(exchange: "x", routingKey: "k", mandatory: true, basicProperties: properties, body: body);""")]
    public Task A_version_6_publish_asks_for_what_nobody_takes(string statement, string mended) =>
        FixOf<Unroutable, UnroutableFix>.Mends(Client.RabbitMq6, Version6(statement), Version6(mended));

    [Theory]
    [InlineData("""await channel.{|REL1204:BasicPublishAsync|}("x", "k", body);""", """await channel.BasicPublishAsync("x", "k", mandatory: true, body);""")]
    [InlineData("""await channel.BasicPublishAsync("x", "k", {|REL1204:false|}, properties, body);""", """await channel.BasicPublishAsync("x", "k", true, properties, body);""")]
    [InlineData("""await channel.{|REL1204:BasicPublishAsync|}(exchange: "x", routingKey: "k", body: body);""", """await channel.BasicPublishAsync(exchange: "x", routingKey: "k", mandatory: true, body: body);""")]
    public Task A_version_7_publish_asks_for_what_nobody_takes(string statement, string mended) =>
        FixOf<Unroutable, UnroutableFix>.Mends(Client.RabbitMq7, Version7(statement), Version7(mended));

    [Theory]
    [InlineData(
        "using var own = connection.CreateModel();\nown.ConfirmSelect();\nforeach (var key in new[] { \"a\", \"b\" })\n    own.{|REL1204:BasicPublish|}(\"x\", key, properties, body);\nown.WaitForConfirmsOrDie();",
        "using var own = connection.CreateModel();\nstring returned = null;\nown.BasicReturn += (_, message) => returned = message.RoutingKey;\nown.ConfirmSelect();\nforeach (var key in new[] { \"a\", \"b\" })\n    own.BasicPublish(\"x\", key, mandatory: true, properties, body);\n" +
        "own.WaitForConfirmsOrDie();\nif (returned != null)\n    throw new System.InvalidOperationException($\"No queue took the message with the routing key '{returned}'.\");")]
    [InlineData(
        "using var own = connection.CreateModel();\nown.ConfirmSelect();\nown.BasicPublish(\"x\", \"a\", {|REL1204:false|}, properties, body);\nown.{|REL1204:BasicPublish|}(\"x\", \"b\", true, properties, body);\nown.WaitForConfirmsOrDie();",
        "using var own = connection.CreateModel();\nstring returned = null;\nown.BasicReturn += (_, message) => returned = message.RoutingKey;\nown.ConfirmSelect();\nown.BasicPublish(\"x\", \"a\", true, properties, body);\nown.BasicPublish(\"x\", \"b\", true, properties, body);\n" +
        "own.WaitForConfirmsOrDie();\nif (returned != null)\n    throw new System.InvalidOperationException($\"No queue took the message with the routing key '{returned}'.\");")]
    public Task Where_the_code_waits_it_hears_of_what_comes_back(string statements, string mended) => FixOf<Unroutable, UnroutableFix>.Mends(Client.RabbitMq6, Version6(statements), Version6(mended));

    [Theory]
    [InlineData("""using var own = connection.CreateModel(); own.{|REL1204:BasicPublish|}("x", "k", properties, body);""")]
    [InlineData("""using var own = connection.CreateModel(); own.ConfirmSelect(); own.WaitForConfirmsOrDie(); own.{|REL1204:BasicPublish|}("x", "k", properties, body);""")]
    [InlineData("""using var own = connection.CreateModel(); own.ConfirmSelect(); System.Action send = () => own.{|REL1204:BasicPublish|}("x", "k", properties, body); own.WaitForConfirmsOrDie();""")]
    [InlineData("""channel.{|REL1204:BasicPublish|}(new PublicationAddress("direct", "x", "k"), properties, body);""")]
    public Task Where_nobody_would_hear_of_it_nothing_is_offered(string statement) =>
        FixOf<Unroutable, UnroutableFix>.Leaves(Client.RabbitMq6, Version6(statement));

    [Theory]
    [InlineData(
        "var own = channel.CreateBasicProperties();\nown.Persistent = true;\nchannel.BasicPublish(\"x\", \"k\", {|REL1207:own|}, body);",
        "var own = channel.CreateBasicProperties();\nown.MessageId = System.Guid.CreateVersion7().ToString();\nown.Persistent = true;\nchannel.BasicPublish(\"x\", \"k\", own, body);")]
    public Task A_version_6_message_gets_an_id(string statements, string mended) =>
        FixOf<NoMessageId, NoMessageIdFix>.Mends(Client.RabbitMq6, Version6(statements), Version6(mended));

    [Theory]
    [InlineData(
        "await channel.BasicPublishAsync(\"x\", \"k\", true, {|REL1207:new BasicProperties { Persistent = true }|}, body);",
        "await channel.BasicPublishAsync(\"x\", \"k\", true, new BasicProperties { Persistent = true, MessageId = System.Guid.CreateVersion7().ToString() }, body);")]
    public Task A_version_7_message_gets_an_id(string statements, string mended) =>
        FixOf<NoMessageId, NoMessageIdFix>.Mends(Client.RabbitMq7, Version7(statements), Version7(mended));

    [Theory]
    [InlineData("var own = new BasicProperties();\nfor (var i = 0; i < 3; i++)\n    await channel.BasicPublishAsync(\"x\", \"k\", true, {|REL1207:own|}, body);")]
    [InlineData("await channel.{|REL1207:BasicPublishAsync|}(\"x\", \"k\", body);")]
    public Task Properties_of_many_messages_get_no_id(string statements) => FixOf<NoMessageId, NoMessageIdFix>.Leaves(Client.RabbitMq7, Version7(statements));

    [Theory]
    [InlineData("var factory = new ConnectionFactory { HostName = \"h\", AutomaticRecoveryEnabled = {|REL1208:false|} };", "var factory = new ConnectionFactory { HostName = \"h\" };")]
    [InlineData(
        "var factory = new ConnectionFactory { TopologyRecoveryEnabled = {|REL1208:false|}, AutomaticRecoveryEnabled = {|REL1208:false|}, HostName = \"h\" };",
        "var factory = new ConnectionFactory { HostName = \"h\" };")]
    [InlineData("var factory = new ConnectionFactory();\nfactory.AutomaticRecoveryEnabled = {|REL1208:false|};\nfactory.Port = 1;", "var factory = new ConnectionFactory();\nfactory.Port = 1;")]
    public Task Recovery_stays_on(string statements, string mended) => FixOf<RecoveryOff, RecoveryOffFix>.Mends(Client.RabbitMq6, Version6(statements), Version6(mended));

    [Theory]
    [InlineData("channel.{|REL1203:WaitForConfirms|}();", "channel.WaitForConfirmsOrDie();")]
    [InlineData("channel.{|REL1203:WaitForConfirms|}(System.TimeSpan.FromSeconds(5));", "channel.WaitForConfirmsOrDie(System.TimeSpan.FromSeconds(5));")]
    [InlineData(
        "using var own = connection.CreateModel();\nown.{|REL1203:ConfirmSelect|}();\nown.BasicPublish(\"x\", \"k\", properties, body);",
        "using var own = connection.CreateModel();\nown.ConfirmSelect();\nown.BasicPublish(\"x\", \"k\", properties, body);\nown.WaitForConfirmsOrDie();")]
    public Task A_version_6_confirm_is_waited_for(string statements, string mended) =>
        FixOf<UnobservedConfirm, UnobservedConfirmFix>.Mends(Client.RabbitMq6, Version6(statements), Version6(mended));

    [Theory]
    [InlineData("channel.{|REL1203:BasicPublishAsync|}(\"x\", \"k\", body);", "await channel.BasicPublishAsync(\"x\", \"k\", body);")]
    [InlineData("_ = channel.{|REL1203:BasicPublishAsync|}(\"x\", \"k\", body);", "await channel.BasicPublishAsync(\"x\", \"k\", body);")]
    [InlineData(
        "var own = await connection.CreateChannelAsync(new CreateChannelOptions(true, false));\nawait own.{|REL1203:BasicPublishAsync|}(\"x\", \"k\", body);",
        "var own = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));\nawait own.BasicPublishAsync(\"x\", \"k\", body);")]
    public Task A_version_7_confirm_is_waited_for(string statements, string mended) =>
        FixOf<UnobservedConfirm, UnobservedConfirmFix>.Mends(Client.RabbitMq7, Version7(statements), Version7(mended));

    [Fact]
    public Task A_result_that_is_looked_at_is_left_to_people() => FixOf<UnobservedConfirm, UnobservedConfirmFix>.Leaves(
        Client.RabbitMq6, Version6("if (!channel.{|REL1203:WaitForConfirms|}(System.TimeSpan.FromSeconds(5))) throw new System.Exception();"));

    [Theory]
    [InlineData(
        """channel.{|REL1105:QueueDeclare|}("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "d" });""",
        """channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "d", ["x-queue-type"] = "quorum" });""")]
    [InlineData(
        """channel.{|REL1105:QueueDeclare|}("q", true, false, false, new Dictionary<string, object> { { "x-queue-type", "classic" }, { "x-dead-letter-exchange", "d" } });""",
        """channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { { "x-queue-type", "quorum" }, { "x-dead-letter-exchange", "d" } });""")]
    public Task A_queue_with_dead_letters_becomes_a_quorum_queue(string statement, string mended) =>
        FixOf<UnreplicatedQueue, UnreplicatedQueueFix>.Mends(Client.RabbitMq6, Version6(statement), Version6(mended));

    [Fact]
    public Task A_queue_without_dead_letters_is_left_to_people() => FixOf<UnreplicatedQueue, UnreplicatedQueueFix>.Leaves(
        Client.RabbitMq6, Version6("""channel.{|REL1105:QueueDeclare|}("q", true, false, false, null);"""));

    private static string Version6(string statements) => $$"""
        using System.Collections.Generic;
        using RabbitMQ.Client;

        class Shop
        {
            void Run(IConnection connection, IModel channel, IBasicConsumer consumer, IBasicProperties properties, byte[] body)
            {
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;

    private static string Version7(string statements) => $$"""
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Shop
        {
            async Task RunAsync(IConnection connection, IChannel channel, IAsyncBasicConsumer consumer, BasicProperties properties, byte[] body)
            {
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;
}
