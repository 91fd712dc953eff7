using System.Text;

namespace Reliability.Tests.Cost;

/// <summary>Methods that grow, to see that what they cost grows no faster than they do.</summary>
internal static class LongMethods
{
    /// <summary>A method that calls a client so many times, in runs that share a variable.</summary>
    public static string CallSites(Client client, int sites)
    {
        var code = new StringBuilder();
        for (var site = 0; site < sites; site++)
        {
            code.AppendLine(client == Client.RabbitMq7
                ? (site % 4) switch
                {
                    0 => $"properties.MessageId = \"{site}\"; await channel.BasicPublishAsync(\"\", \"orders\", true, properties, body);",
                    1 => $"await RabbitMQ.Client.IChannelExtensions.QueueDeclareAsync(channel, \"q{site}\", {(site % 8 == 1 ? "false" : "true")}, false, false);",
                    2 => $"properties.Persistent = {(site % 8 == 2 ? "false" : "true")}; await channel.BasicPublishAsync(\"\", \"q{site}\", true, properties, body);",
                    _ => $"if (await channel.BasicGetAsync(\"q{site}\", false) is {{ }} got{site}) {{ System.Console.WriteLine(got{site}.RoutingKey); await channel.BasicAckAsync(got{site}.DeliveryTag, false); }}",
                }
                : (site % 4) switch
                {
                    0 => $"await producer.ProduceAsync(\"t{site}\", new Confluent.Kafka.Message<string, string> {{ Value = \"{site}\" }});",
                    1 => $"producer.Produce(\"t{site}\", new Confluent.Kafka.Message<string, string> {{ Value = \"{site}\" }});",
                    2 => $"config.Acks = {(site % 8 == 2 ? "Confluent.Kafka.Acks.Leader" : "Confluent.Kafka.Acks.All")}; using var made{site} = new Confluent.Kafka.ProducerBuilder<string, string>(config).Build();",
                    _ => $"var record{site} = consumer.Consume(10); System.Console.WriteLine(record{site}.Message.Value); consumer.Commit(record{site});",
                });
        }

        return Around(client, code.ToString());
    }

    /// <summary>A method with so many branches, each of which changes what is sent, or how a delivery ends.</summary>
    public static string Branches(Client client, int branches)
    {
        var code = new StringBuilder();
        for (var branch = 0; branch < branches; branch++)
        {
            code.AppendLine(client == Client.RabbitMq7
                ? (branch % 4) switch
                {
                    0 => $"if (number == {branch}) properties.Persistent = {(branch % 8 == 0 ? "false" : "true")};",
                    1 => $"if (number > {branch}) {{ properties.Type = \"t{branch}\"; await channel.BasicPublishAsync(\"\", \"orders\", true, properties, body); }} else {{ properties = new RabbitMQ.Client.BasicProperties {{ Persistent = true }}; }}",
                    2 => $"if (number < {branch}) number++; else number--;",
                    _ => $"if (await channel.BasicGetAsync(\"orders\", number == {branch}) is {{ }} got{branch}) {{ if (number > 3) await channel.BasicAckAsync(got{branch}.DeliveryTag, false); else await channel.BasicNackAsync(got{branch}.DeliveryTag, false, true); }}",
                }
                : (branch % 4) switch
                {
                    0 => $"if (number == {branch}) config.Acks = {(branch % 8 == 0 ? "Confluent.Kafka.Acks.Leader" : "Confluent.Kafka.Acks.All")}; else config.LingerMs = {branch};",
                    1 => $"if (number > {branch}) {{ using var made = new Confluent.Kafka.ProducerBuilder<string, string>(config).Build(); made.Flush(); }}",
                    2 => $"if (number < {branch}) number++; else number--;",
                    _ => $"if (consumer.Consume({branch}) is {{ }} record{branch}) {{ if (number > 3) consumer.Commit(record{branch}); else consumer.StoreOffset(record{branch}); }}",
                });
        }

        return Around(client, code.ToString());
    }

    private static string Around(Client client, string statements) => client == Client.RabbitMq7
        ? $$"""
            using System.Threading.Tasks;
            using RabbitMQ.Client;
            public sealed class Long
            {
                public async Task RunAsync(IConnection connection, byte[] body, int number)
                {
                    var channel = await connection.CreateChannelAsync();
                    var properties = new BasicProperties();
            {{statements}}
                }
            }
            """
        : $$"""
            using System.Threading.Tasks;
            public sealed class Long
            {
                public async Task RunAsync(int number)
                {
                    var config = new Confluent.Kafka.ProducerConfig();
                    using var producer = new Confluent.Kafka.ProducerBuilder<string, string>(config).Build();
                    using var consumer = new Confluent.Kafka.ConsumerBuilder<string, string>(new Confluent.Kafka.ConsumerConfig { EnableAutoCommit = false }).Build();
                    await Task.Yield();
            {{statements}}
                }
            }
            """;
}
