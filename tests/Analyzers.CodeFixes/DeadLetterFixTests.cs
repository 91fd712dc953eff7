using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

/// <summary>Queues that get a place for what they would drop.</summary>
public class DeadLetterFixTests
{
    [Theory]
    [InlineData(
        """channel.QueueDeclare("q", true, false, false, {|REL1106:new Dictionary<string, object> { ["x-queue-type"] = "quorum" }|});""",
        "channel.QueueDeclare(\"q.dead\", durable: true, exclusive: false, autoDelete: false, arguments: null);\n" +
        """channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "quorum", ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "q.dead" });""")]
    [InlineData(
        "var arguments = new Dictionary<string, object>\n{\n    { \"x-queue-type\", \"quorum\" },\n    { \"x-delivery-limit\", 5 }, // enough\n};\nchannel.QueueDeclare(queue: Name, durable: true, exclusive: false, autoDelete: false, arguments: {|REL1106:arguments|});",
        "var arguments = new Dictionary<string, object>\n{\n    { \"x-queue-type\", \"quorum\" },\n    { \"x-delivery-limit\", 5 }, // enough\n    { \"x-dead-letter-exchange\", \"\" },\n    { \"x-dead-letter-routing-key\", Name + \".dead\" },\n};\n" +
        "channel.QueueDeclare(Name + \".dead\", durable: true, exclusive: false, autoDelete: false, arguments: null);\nchannel.QueueDeclare(queue: Name, durable: true, exclusive: false, autoDelete: false, arguments: arguments);")]
    public Task A_version_6_quorum_queue_gets_dead_letters(string statements, string mended) =>
        FixOf<DroppedAfterRedeliveries, DroppedAfterRedeliveriesFix>.Mends(Client.RabbitMq6, Six(statements), Six(mended));

    [Theory]
    [InlineData(
        """await channel.QueueDeclareAsync("q", true, false, false, {|REL1106:new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }|});""",
        "await channel.QueueDeclareAsync(\"q.dead\", durable: true, exclusive: false, autoDelete: false);\n" +
        """await channel.QueueDeclareAsync("q", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "q.dead" });""")]
    public Task A_version_7_quorum_queue_gets_dead_letters(string statements, string mended) =>
        FixOf<DroppedAfterRedeliveries, DroppedAfterRedeliveriesFix>.Mends(Client.RabbitMq7, Seven(statements), Seven(mended));

    [Theory]
    [InlineData("""channel.QueueDeclare("q", true, false, false, {|REL1106:new Dictionary<string, object> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = -1 }|});""")]
    [InlineData("""channel.QueueDeclare(Named(), true, false, false, {|REL1106:new Dictionary<string, object> { ["x-queue-type"] = "quorum" }|});""")]
    [InlineData("var both = new Dictionary<string, object> { [\"x-queue-type\"] = \"quorum\" };\nchannel.QueueDeclare(\"a\", true, false, false, {|REL1106:both|});\nchannel.QueueDeclare(\"b\", true, false, false, {|REL1106:both|});")]
    public Task Where_people_must_decide_nothing_is_offered(string statements) => FixOf<DroppedAfterRedeliveries, DroppedAfterRedeliveriesFix>.Leaves(Client.RabbitMq6, Six(statements));

    [Theory]
    [InlineData(
        """channel.QueueDeclare("q", true, false, false, null);""",
        "channel.QueueDeclare(\"q.dead\", durable: true, exclusive: false, autoDelete: false, arguments: null);\n" +
        """channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "q.dead" });""")]
    [InlineData(
        """var declared = channel.QueueDeclare("q", durable: true, exclusive: false, autoDelete: false); // ours""",
        "channel.QueueDeclare(\"q.dead\", durable: true, exclusive: false, autoDelete: false, arguments: null);\n" +
        """var declared = channel.QueueDeclare("q", durable: true, exclusive: false, autoDelete: false, arguments: new Dictionary<string, object> { ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = "q.dead" }); // ours""")]
    public Task A_version_6_queue_whose_messages_are_rejected_gets_dead_letters(string declaration, string mended) => FixOf<RejectedWithoutDeadLetter, RejectedWithoutDeadLetterFix>.Mends(
        Client.RabbitMq6, Six(declaration + Rejecting("{|REL1006:BasicNack|}", "{|REL1006:BasicReject|}")), Six(mended + Rejecting("BasicNack", "BasicReject")));

    [Fact]
    public Task A_version_7_queue_whose_messages_are_rejected_gets_dead_letters() => FixOf<RejectedWithoutDeadLetter, RejectedWithoutDeadLetterFix>.Mends(
        Client.RabbitMq7,
        Seven("await channel.QueueDeclareAsync(queue: \"q\", durable: true, exclusive: false, autoDelete: false).ConfigureAwait(false);\n" +
            "var got = await channel.BasicGetAsync(\"q\", false);\nif (got != null)\n    await channel.{|REL1006:BasicNackAsync|}(got.DeliveryTag, false, false);", usings: ""),
        Seven("await channel.QueueDeclareAsync(\"q.dead\", durable: true, exclusive: false, autoDelete: false).ConfigureAwait(false);\n" +
            "await channel.QueueDeclareAsync(queue: \"q\", durable: true, exclusive: false, autoDelete: false, arguments: new Dictionary<string, object?> { [\"x-dead-letter-exchange\"] = \"\", [\"x-dead-letter-routing-key\"] = \"q.dead\" }).ConfigureAwait(false);\n" +
            "var got = await channel.BasicGetAsync(\"q\", false);\nif (got != null)\n    await channel.BasicNackAsync(got.DeliveryTag, false, false);"));

    private static string Rejecting(string nack, string reject) =>
        $"\nvar got = channel.BasicGet(\"q\", false);\nif (got.Redelivered)\n    channel.{nack}(got.DeliveryTag, false, false);\nelse\n    channel.{reject}(got.DeliveryTag, false);";

    private static string Six(string statements) => $$"""
        using System.Collections.Generic;
        using RabbitMQ.Client;

        class Shop
        {
            private const string Name = "orders";

            private static string Named() => System.Environment.MachineName;

            void Run(IModel channel)
            {
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal).Replace("        \n", "\n", StringComparison.Ordinal)}}
            }
        }
        """;

    private static string Seven(string statements, string usings = "using System.Collections.Generic;\n") => $$"""
        #nullable enable
        {{usings}}using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Shop
        {
            async Task RunAsync(IChannel channel)
            {
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal).Replace("        \n", "\n", StringComparison.Ordinal)}}
            }
        }
        """;
}
