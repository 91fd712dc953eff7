using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

/// <summary>What <c>dotnet format analyzers</c> does: one rule's fix after another, each over what the one before left.</summary>
public class FixesInARowTests
{
    [Fact]
    public async Task One_line_with_two_mistakes_is_mended_by_two_rules_in_either_order()
    {
        const string Confirmed = "var channel = connection.CreateModel();\n        channel.ConfirmSelect();\n        ";
        await FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
            Client.RabbitMq6,
            Method("connection.CreateModel().{|REL1202:BasicPublish|}(\"e\", \"a\", null, default);"),
            Method(Confirmed + "channel.BasicPublish(\"e\", \"a\", null, default);\n        channel.WaitForConfirmsOrDie();"));
        await FixOf<TransientMessage, TransientMessageFix>.Mends(
            Client.RabbitMq6,
            Method(Confirmed + "channel.BasicPublish(\"e\", \"a\", {|REL1201:null|}, default);"),
            Method(Confirmed + "var properties = channel.CreateBasicProperties();\n        properties.Persistent = true;\n        channel.BasicPublish(\"e\", \"a\", properties, default);"));
        await FixOf<TransientMessage, TransientMessageFix>.Leaves(
            Client.RabbitMq6, Method("connection.CreateModel().BasicPublish(\"e\", \"a\", {|REL1201:null|}, default);"));
    }

    [Fact]
    public async Task A_declaration_and_a_publish_on_one_channel_are_mended_by_three_rules()
    {
        const string Plain = "await using var channel = await connection.CreateChannelAsync();\n        ";
        const string Confirmed = "await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));\n        ";
        const string Declared = "await channel.QueueDeclareAsync(\"q\", durable: true, exclusive: false);\n        ";
        await FixOf<NonDurableQueue, NonDurableQueueFix>.Mends(
            Client.RabbitMq7,
            Method7(Plain + "await channel.{|REL1102:QueueDeclareAsync|}(\"q\", exclusive: false);\n        await channel.BasicPublishAsync(\"\", \"q\", body);"),
            Method7(Plain + Declared + "await channel.BasicPublishAsync(\"\", \"q\", body);"));
        await FixOf<MissingConfirms, MissingConfirmsFix>.Mends(
            Client.RabbitMq7,
            Method7(Plain + Declared + "await channel.{|REL1202:BasicPublishAsync|}(\"\", \"q\", body);"),
            Method7(Confirmed + Declared + "await channel.BasicPublishAsync(\"\", \"q\", body);"));
        await FixOf<TransientMessage, TransientMessageFix>.Mends(
            Client.RabbitMq7,
            Method7(Confirmed + Declared + "await channel.{|REL1201:BasicPublishAsync|}(\"\", \"q\", body);"),
            Method7(Confirmed + Declared + "await channel.BasicPublishAsync(\"\", \"q\", mandatory: false, basicProperties: new BasicProperties { Persistent = true }, body);"));
    }

    private static string Method(string statements) => $$"""
        using RabbitMQ.Client;

        class Publisher
        {
            void Publish(IConnection connection)
            {
                {{statements}}
            }
        }
        """;

    private static string Method7(string statements) => $$"""
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Publisher
        {
            async Task Publish(IConnection connection, byte[] body)
            {
                {{statements}}
            }
        }
        """;
}
