using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

public class TransientMessageFixTests
{
    [Fact]
    public Task Version_7_publishes_get_properties() => FixOf<TransientMessage, TransientMessageFix>.Mends(
        Client.RabbitMq7,
        """
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Publisher
        {
            async Task Publish(IChannel channel, ReadOnlyMemory<byte> body)
            {
                await channel.{|REL1201:BasicPublishAsync|}("e", "a", body);
                await channel.{|REL1201:BasicPublishAsync|}("e", "a", true, body).ConfigureAwait(false);
                await channel.{|REL1201:BasicPublishAsync|}(exchange: "e", routingKey: "a", body: body);
                await Task.WhenAll(channel.{|REL1201:BasicPublishAsync|}("e", "a", body).AsTask(), channel.{|REL1201:BasicPublishAsync|}("e", "b", body).AsTask());
                await channel.{|REL1201:BasicPublishAsync|}(
                    "e",
                    "a",
                    body);
            }
        }
        """,
        """
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Publisher
        {
            async Task Publish(IChannel channel, ReadOnlyMemory<byte> body)
            {
                await channel.BasicPublishAsync("e", "a", mandatory: false, basicProperties: new BasicProperties { Persistent = true }, body);
                await channel.BasicPublishAsync("e", "a", true, basicProperties: new BasicProperties { Persistent = true }, body).ConfigureAwait(false);
                await channel.BasicPublishAsync(exchange: "e", routingKey: "a", mandatory: false, basicProperties: new BasicProperties { Persistent = true }, body: body);
                await Task.WhenAll(channel.BasicPublishAsync("e", "a", mandatory: false, basicProperties: new BasicProperties { Persistent = true }, body).AsTask(), channel.BasicPublishAsync("e", "b", mandatory: false, basicProperties: new BasicProperties { Persistent = true }, body).AsTask());
                await channel.BasicPublishAsync(
                    "e",
                    "a",
                    mandatory: false,
                    basicProperties: new BasicProperties { Persistent = true },
                    body);
            }
        }
        """);

    [Fact]
    public Task Version_7_properties_become_persistent_where_they_are_made() => FixOf<TransientMessage, TransientMessageFix>.Mends(
        Client.RabbitMq7,
        """
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Publisher
        {
            async Task Publish(IChannel channel, ReadOnlyMemory<byte> body)
            {
                var shared = new BasicProperties();
                await channel.BasicPublishAsync("e", "a", true, {|REL1201:shared|}, body);
                await channel.BasicPublishAsync("e", "b", true, {|REL1201:shared|}, body);
                BasicProperties typed = new();
                await channel.BasicPublishAsync("e", "a", true, {|REL1201:typed|}, body);
                await channel.BasicPublishAsync("e", "a", true, {|REL1201:new BasicProperties { MessageId = "1" }|}, body);
                var lines = new BasicProperties
                {
                    MessageId = "1",
                    Type = "order" // kept
                };
                await channel.BasicPublishAsync("e", "a", true, {|REL1201:lines|}, body);
                var said = new BasicProperties { Persistent = false };
                await channel.BasicPublishAsync("e", "a", true, {|REL1201:said|}, body);
                var mode = new BasicProperties { DeliveryMode = DeliveryModes.Transient };
                await channel.BasicPublishAsync("e", "a", true, {|REL1201:mode|}, body);
            }
        }
        """,
        """
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Publisher
        {
            async Task Publish(IChannel channel, ReadOnlyMemory<byte> body)
            {
                var shared = new BasicProperties { Persistent = true };
                await channel.BasicPublishAsync("e", "a", true, shared, body);
                await channel.BasicPublishAsync("e", "b", true, shared, body);
                BasicProperties typed = new() { Persistent = true };
                await channel.BasicPublishAsync("e", "a", true, typed, body);
                await channel.BasicPublishAsync("e", "a", true, new BasicProperties { MessageId = "1", Persistent = true }, body);
                var lines = new BasicProperties
                {
                    MessageId = "1",
                    Type = "order", // kept
                    Persistent = true
                };
                await channel.BasicPublishAsync("e", "a", true, lines, body);
                var said = new BasicProperties { Persistent = true };
                await channel.BasicPublishAsync("e", "a", true, said, body);
                var mode = new BasicProperties { DeliveryMode = DeliveryModes.Persistent };
                await channel.BasicPublishAsync("e", "a", true, mode, body);
            }
        }
        """);

    [Fact]
    public Task Version_6_properties_are_made_before_the_publish() => FixOf<TransientMessage, TransientMessageFix>.Mends(
        Client.RabbitMq6,
        """
        using System;
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel;

            public Publisher(IModel channel) => _channel = channel;

            public void Short(ReadOnlyMemory<byte> body) => _channel.BasicPublish("e", "a", {|REL1201:null|}, body);

            public void Long(IModel channel, ReadOnlyMemory<byte> body, bool twice)
            {
                channel.BasicPublish("e", "a", {|REL1201:null|}, body);

                // Again, to be sure.
                if (twice)
                    channel.{|REL1201:BasicPublish|}(exchange: "e", routingKey: "b", body: body);
            }
        }
        """,
        """
        using System;
        using RabbitMQ.Client;

        class Publisher
        {
            private readonly IModel _channel;

            public Publisher(IModel channel) => _channel = channel;

            public void Short(ReadOnlyMemory<byte> body)
            {
                var properties = _channel.CreateBasicProperties();
                properties.Persistent = true;
                _channel.BasicPublish("e", "a", properties, body);
            }

            public void Long(IModel channel, ReadOnlyMemory<byte> body, bool twice)
            {
                var properties = channel.CreateBasicProperties();
                properties.Persistent = true;
                channel.BasicPublish("e", "a", properties, body);

                // Again, to be sure.
                if (twice)
                {
                    var properties2 = channel.CreateBasicProperties();
                    properties2.Persistent = true;
                    channel.BasicPublish(exchange: "e", routingKey: "b", basicProperties: properties2, body: body);
                }
            }
        }
        """);

    [Fact]
    public Task Version_6_properties_become_persistent_where_they_are_made() => FixOf<TransientMessage, TransientMessageFix>.Mends(
        Client.RabbitMq6,
        """
        using System;
        using RabbitMQ.Client;

        class Publisher
        {
            public void Publish(IModel channel, ReadOnlyMemory<byte> body)
            {
                var properties = channel.CreateBasicProperties();
                properties.MessageId = "1";
                channel.BasicPublish("e", "a", {|REL1201:properties|}, body);
                channel.BasicPublish("e", "b", {|REL1201:channel.CreateBasicProperties()|}, body);
                var said = channel.CreateBasicProperties();
                said.DeliveryMode = 1;
                channel.BasicPublish("e", "a", {|REL1201:said|}, body);
            }
        }
        """,
        """
        using System;
        using RabbitMQ.Client;

        class Publisher
        {
            public void Publish(IModel channel, ReadOnlyMemory<byte> body)
            {
                var properties = channel.CreateBasicProperties();
                properties.Persistent = true;
                properties.MessageId = "1";
                channel.BasicPublish("e", "a", properties, body);
                var properties2 = channel.CreateBasicProperties();
                properties2.Persistent = true;
                channel.BasicPublish("e", "b", properties2, body);
                var said = channel.CreateBasicProperties();
                said.DeliveryMode = 2;
                channel.BasicPublish("e", "a", said, body);
            }
        }
        """);

    [Theory]
    [InlineData( // The batch's channel makes the properties.
        "var batch = channel.CreateBasicPublishBatch();\nbatch.Add(\"e\", \"a\", false, {|REL1201:null|}, body);",
        "var batch = channel.CreateBasicPublishBatch();\nvar properties = channel.CreateBasicProperties();\nproperties.Persistent = true;\nbatch.Add(\"e\", \"a\", false, properties, body);")]
    [InlineData( // An extension called by its class's name has its channel among the arguments.
        "IModelExensions.BasicPublish(channel, \"e\", \"a\", {|REL1201:null|}, body);",
        "var properties = channel.CreateBasicProperties();\nproperties.Persistent = true;\nIModelExensions.BasicPublish(channel, \"e\", \"a\", properties, body);")]
    [InlineData( // A lambda gets a block.
        "Action send = () => channel.BasicPublish(\"e\", \"a\", {|REL1201:null|}, body);",
        "Action send = () =>\n{\n    var properties = channel.CreateBasicProperties();\n    properties.Persistent = true;\n    channel.BasicPublish(\"e\", \"a\", properties, body);\n};")]
    public Task A_version_6_publish_finds_its_channel(string statements, string mended) =>
        FixOf<TransientMessage, TransientMessageFix>.Mends(Client.RabbitMq6, Version6(statements), Version6(mended));

    [Theory]
    [InlineData("var p = channel.CreateBasicProperties();\np.Persistent = true;\np.ClearDeliveryMode();\nchannel.BasicPublish(\"e\", \"a\", {|REL1201:p|}, body);")]
    [InlineData("while (channel.IsOpen)\n    channel?.BasicPublish(\"e\", \"a\", {|REL1201:null|}, body);")]
    public Task Where_no_statement_would_do_it_is_left_to_people(string statements) =>
        FixOf<TransientMessage, TransientMessageFix>.Leaves(Client.RabbitMq6, Version6(statements));

    private static string Version6(string statements) => $$"""
        using System;
        using RabbitMQ.Client;

        class Publisher
        {
            public void Publish(IModel channel, ReadOnlyMemory<byte> body)
            {
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal)}}
            }
        }
        """;
}
