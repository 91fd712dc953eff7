using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

/// <summary>Fixes inside the handler of a delivery.</summary>
public class HandlerFixesTests
{
    [Fact]
    public async Task An_ack_moves_behind_the_work()
    {
        await FixOf<AckBeforeProcessing, AckBeforeProcessingFix>.Mends(
            Client.RabbitMq6,
            Six("channel.{|REL1002:BasicAck|}(ea.DeliveryTag, false);\nvar text = ea.Body.ToArray();\nWork(text);"),
            Six("var text = ea.Body.ToArray();\nWork(text);\nchannel.BasicAck(ea.DeliveryTag, false);"));
        await FixOf<AckBeforeProcessing, AckBeforeProcessingFix>.Mends(
            Client.RabbitMq7,
            Seven("await channel.{|REL1002:BasicAckAsync|}(ea.DeliveryTag, false);\nawait WorkAsync(ea.Body.ToArray());"),
            Seven("await WorkAsync(ea.Body.ToArray());\nawait channel.BasicAckAsync(ea.DeliveryTag, false);"));
    }

    [Theory]
    [InlineData("if (ea.Redelivered)\n    return;\n\nchannel.{|REL1002:BasicAck|}(ea.DeliveryTag, false);\nWork(ea.Body.ToArray());")]
    [InlineData("channel.{|REL1002:BasicAck|}(ea.DeliveryTag, false);\ntry { Work(ea.Body.ToArray()); } catch { channel.BasicNack(ea.DeliveryTag, false, false); }")]
    public Task An_ack_that_is_not_the_only_end_is_left_to_people(string statements) => FixOf<AckBeforeProcessing, AckBeforeProcessingFix>.Leaves(Client.RabbitMq6, Six(statements));

    [Fact]
    public Task A_handler_that_never_settles_gets_an_ack() => FixOf<NeverSettled, NeverSettledFix>.Mends(
        Client.RabbitMq6,
        Six("Work(ea.Body.ToArray());", "{|REL1003:BasicConsume|}"),
        Six("Work(ea.Body.ToArray());\nchannel.BasicAck(ea.DeliveryTag, multiple: false);"));

    [Fact]
    public Task One_message_is_acknowledged_at_a_time() => FixOf<AckMultiple, AckMultipleFix>.Mends(
        Client.RabbitMq6,
        Six("Work(ea.Body.ToArray());\nchannel.BasicAck(ea.DeliveryTag, {|REL1004:true|});"),
        Six("Work(ea.Body.ToArray());\nchannel.BasicAck(ea.DeliveryTag, false);"));

    [Fact]
    public async Task A_failed_message_goes_to_the_dead_letters_where_there_are_some()
    {
        const string Bad = "try { Work(ea.Body.ToArray()); channel.BasicAck(ea.DeliveryTag, false); }\ncatch { channel.BasicNack(ea.DeliveryTag, false, {|REL1005:true|}); }";
        const string Dead = """channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-dead-letter-exchange"] = "d" });""";
        await FixOf<UnboundedRequeue, UnboundedRequeueFix>.Mends(Client.RabbitMq6, Six(Bad, before: Dead), Six(Bad.Replace("{|REL1005:true|}", "false", StringComparison.Ordinal), before: Dead));
        await FixOf<UnboundedRequeue, UnboundedRequeueFix>.Leaves(Client.RabbitMq6, Six(Bad));
    }

    [Theory]
    [InlineData(
        "try\n{\n    Work(ea.Body.ToArray());\n}\n{|REL1008:catch|} (Exception e)\n{\n    Console.WriteLine(e);\n}\n\nchannel.BasicAck(ea.DeliveryTag, false);",
        "try\n{\n    Work(ea.Body.ToArray());\n}\ncatch (Exception e)\n{\n    Console.WriteLine(e);\n    throw;\n}\n\nchannel.BasicAck(ea.DeliveryTag, false);")]
    [InlineData(
        "try\n{\n    Work(ea.Body.ToArray());\n    channel.BasicAck(ea.DeliveryTag, false);\n}\n{|REL1008:catch|} (Exception e)\n{\n    Console.WriteLine(e);\n    channel.BasicAck(ea.DeliveryTag, false);\n}",
        "try\n{\n    Work(ea.Body.ToArray());\n    channel.BasicAck(ea.DeliveryTag, false);\n}\ncatch (Exception e)\n{\n    Console.WriteLine(e);\n    throw;\n}")]
    public Task A_failure_goes_on(string statements, string mended) => FixOf<SwallowedFailure, SwallowedFailureFix>.Mends(Client.RabbitMq6, Six(statements), Six(mended));

    [Theory]
    [InlineData("_bodies.Add({|REL1010:ea.Body|});", "_bodies.Add(ea.Body.ToArray());")]
    [InlineData("Task.Run(() => Work({|REL1010:ea.Body|}.ToArray()));", "var body = ea.Body.ToArray();\nTask.Run(() => Work(body));")]
    public Task A_body_is_copied(string statements, string mended) => FixOf<BodyOutlivesHandler, BodyOutlivesHandlerFix>.Mends(
        Client.RabbitMq6, Six(statements + "\nchannel.BasicAck(ea.DeliveryTag, false);"), Six(mended + "\nchannel.BasicAck(ea.DeliveryTag, false);"));

    [Theory]
    [InlineData("", ", DispatchConsumersAsync = true", "{|REL1009:async|}", "EventingBasicConsumer", "AsyncEventingBasicConsumer")]
    [InlineData(", DispatchConsumersAsync = false", ", DispatchConsumersAsync = true", "{|REL1009:async|}", "EventingBasicConsumer", "AsyncEventingBasicConsumer")]
    public Task A_handler_is_waited_for(string setting, string mendedSetting, string async, string consumer, string mendedConsumer) => FixOf<AsyncVoidHandler, AsyncVoidHandlerFix>.Mends(
        Client.RabbitMq6, Async(setting, async, $"new {consumer}(channel)"), Async(mendedSetting, "async", $"new {mendedConsumer}(channel)"));

    [Fact]
    public Task A_factory_dispatches_to_its_asynchronous_consumers() => FixOf<AsyncVoidHandler, AsyncVoidHandlerFix>.Mends(
        Client.RabbitMq6, Async("", "async", "{|REL1009:new AsyncEventingBasicConsumer(channel)|}"), Async(", DispatchConsumersAsync = true", "async", "new AsyncEventingBasicConsumer(channel)"));

    private static string Async(string setting, string async, string consumer) => $$"""
        using System.Threading.Tasks;
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        class Worker
        {
            void Start()
            {
                var factory = new ConnectionFactory { HostName = "h"{{setting}} };
                var connection = factory.CreateConnection();
                var channel = connection.CreateModel();
                var consumer = {{consumer}};
                consumer.Received += {{async}} (_, ea) => await Task.Yield();
            }
        }
        """;

    private static string Six(string statements, string consume = "BasicConsume", string before = "") => $$"""
        using System;
        using System.Collections.Generic;
        using System.Threading.Tasks;
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        class Worker
        {
            private readonly List<ReadOnlyMemory<byte>> _bodies = new();

            void Start(IConnection connection)
            {
                var channel = connection.CreateModel();
                channel.BasicQos(0, 10, false);
                {{before}}
                var consumer = new EventingBasicConsumer(channel);
                consumer.Received += (_, ea) =>
                {
                    {{statements.Replace("\n", "\n            ", StringComparison.Ordinal)}}
                };
                channel.{{consume}}("q", false, consumer);
            }

            static void Work(byte[] body) { }
        }
        """;

    private static string Seven(string statements) => $$"""
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        class Worker
        {
            void Start(IChannel channel)
            {
                var consumer = new AsyncEventingBasicConsumer(channel);
                consumer.ReceivedAsync += async (_, ea) =>
                {
                    {{statements.Replace("\n", "\n            ", StringComparison.Ordinal)}}
                };
            }

            static Task WorkAsync(byte[] body) => Task.CompletedTask;
        }
        """;
}
