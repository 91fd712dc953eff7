using Reliability.Analyzers.CodeFixes.RabbitMQ;
using Reliability.Analyzers.RabbitMQ;

namespace Reliability.Tests;

public class AutoAckFixTests
{
    [Theory]
    [InlineData( // A block: the ack is its last step.
        "consumer.Received += (_, ea) =>\n{\n    Work(ea.Body);\n};",
        "consumer.Received += (_, ea) =>\n{\n    Work(ea.Body);\n    channel.BasicAck(ea.DeliveryTag, multiple: false);\n};")]
    [InlineData( // One line stays one line.
        "consumer.Received += (_, ea) => { Work(ea.Body); };",
        "consumer.Received += (_, ea) => { Work(ea.Body); channel.BasicAck(ea.DeliveryTag, multiple: false); };")]
    [InlineData( // An expression becomes a block.
        "consumer.Received += (_, ea) => Work(ea.Body);",
        "consumer.Received += (_, ea) =>\n{\n    Work(ea.Body);\n    channel.BasicAck(ea.DeliveryTag, multiple: false);\n};")]
    [InlineData( // Early returns have handled the delivery too.
        "consumer.Received += (sender, ea) =>\n{\n    if (ea.Redelivered)\n        return;\n\n    Work(ea.Body);\n};",
        "consumer.Received += (sender, ea) =>\n{\n    if (ea.Redelivered)\n    {\n        channel.BasicAck(ea.DeliveryTag, multiple: false);\n        return;\n    }\n\n    Work(ea.Body);\n    channel.BasicAck(ea.DeliveryTag, multiple: false);\n};")]
    [InlineData( // Discards get a name.
        "consumer.Received += (_, _) => Work(default);",
        "consumer.Received += (_, delivery) =>\n{\n    Work(default);\n    channel.BasicAck(delivery.DeliveryTag, multiple: false);\n};")]
    [InlineData( // A handler that settles by itself gets no second ack.
        "consumer.Received += (_, ea) => channel.BasicReject(ea.DeliveryTag, false);",
        "consumer.Received += (_, ea) => channel.BasicReject(ea.DeliveryTag, false);")]
    [InlineData( // A method out of the channel's sight asks its consumer for it.
        "consumer.Received += OnReceived;", "consumer.Received += OnReceived;",
        "void OnReceived(object sender, BasicDeliverEventArgs ea) => Work(ea.Body);",
        "void OnReceived(object sender, BasicDeliverEventArgs ea)\n    {\n        Work(ea.Body);\n        ((EventingBasicConsumer)sender).Model.BasicAck(ea.DeliveryTag, multiple: false);\n    }")]
    public Task A_version_6_handler_acks_after_its_work(string handler, string mended, string method = "", string mendedMethod = "") =>
        FixOf<AutoAck, AutoAckFix>.Mends(
            Client.RabbitMq6, Version6(handler, "{|REL1001:true|}", method), Version6(mended, "false", mendedMethod));

    [Theory]
    [InlineData(
        "consumer.ReceivedAsync += async (_, ea) =>\n{\n    await Work(ea.Body);\n};",
        "consumer.ReceivedAsync += async (_, ea) =>\n{\n    await Work(ea.Body);\n    await channel.BasicAckAsync(ea.DeliveryTag, multiple: false);\n};")]
    [InlineData( // The ack waits for the task that was only handed on.
        "consumer.ReceivedAsync += (_, ea) => Work(ea.Body);",
        "consumer.ReceivedAsync += async (_, ea) =>\n{\n    await Work(ea.Body);\n    await channel.BasicAckAsync(ea.DeliveryTag, multiple: false);\n};")]
    [InlineData(
        "consumer.ReceivedAsync += (_, ea) =>\n{\n    Console.WriteLine(ea.Body.Length);\n    return Task.CompletedTask;\n};",
        "consumer.ReceivedAsync += async (_, ea) =>\n{\n    Console.WriteLine(ea.Body.Length);\n    await channel.BasicAckAsync(ea.DeliveryTag, multiple: false);\n};")]
    [InlineData(
        "consumer.ReceivedAsync += (_, ea) =>\n{\n    if (ea.Redelivered)\n        return Task.CompletedTask;\n\n    return Work(ea.Body);\n};",
        "consumer.ReceivedAsync += async (_, ea) =>\n{\n    if (ea.Redelivered)\n    {\n        await channel.BasicAckAsync(ea.DeliveryTag, multiple: false);\n        return;\n    }\n\n    await Work(ea.Body);\n    await channel.BasicAckAsync(ea.DeliveryTag, multiple: false);\n};")]
    [InlineData( // The handler's own way of awaiting is kept.
        "consumer.ReceivedAsync += async (_, ea) => await Work(ea.Body).ConfigureAwait(false);",
        "consumer.ReceivedAsync += async (_, ea) =>\n{\n    await Work(ea.Body).ConfigureAwait(false);\n    await channel.BasicAckAsync(ea.DeliveryTag, multiple: false).ConfigureAwait(false);\n};")]
    [InlineData( // A path that always throws needs no ack.
        "consumer.ReceivedAsync += async (_, ea) =>\n{\n    await Work(ea.Body);\n    throw new InvalidOperationException();\n};",
        "consumer.ReceivedAsync += async (_, ea) =>\n{\n    await Work(ea.Body);\n    throw new InvalidOperationException();\n};")]
    [InlineData(
        "consumer.ReceivedAsync += OnReceived;", "consumer.ReceivedAsync += OnReceived;",
        "Task OnReceived(object sender, BasicDeliverEventArgs ea) => Work(ea.Body);",
        "async Task OnReceived(object sender, BasicDeliverEventArgs ea)\n    {\n        await Work(ea.Body);\n        await ((AsyncEventingBasicConsumer)sender).Channel.BasicAckAsync(ea.DeliveryTag, multiple: false);\n    }")]
    public Task A_version_7_handler_acks_after_its_work(string handler, string mended, string method = "", string mendedMethod = "") =>
        FixOf<AutoAck, AutoAckFix>.Mends(
            Client.RabbitMq7, Version7(handler, "{|REL1001:true|}", method), Version7(mended, "false", mendedMethod));

    [Theory]
    [InlineData( // A field is seen from the method.
        "private IChannel _channel = null!;", "_channel", "object sender", "_channel")]
    [InlineData( // A method cannot know that the field was set before.
        "private IChannel? _channel;", "_channel", "object sender", "_channel!")]
    [InlineData("private IChannel? Channel { get; set; }", "Channel", "object sender", "Channel!")]
    [InlineData( // A local is not; the consumer that calls the method knows it, and is of no nullable type.
        "private IConnection _connection = null!;", "(channel)", "object sender", "((AsyncEventingBasicConsumer)sender).Channel")]
    [InlineData(
        "private IConnection _connection = null!;", "(channel)", "object? sender", "((AsyncEventingBasicConsumer)sender!).Channel")]
    public Task A_handler_names_its_channel_without_a_possible_null(string member, string channel, string sender, string acking) =>
        FixOf<AutoAck, AutoAckFix>.Mends(
            Client.RabbitMq7,
            Nullable(member, channel, "{|REL1001:true|}", $$"""
                Task OnReceived({{sender}}, BasicDeliverEventArgs ea)
                    {
                        if (ea.Redelivered)
                            return Task.CompletedTask;

                        return Work(ea.Body);
                    }
                """),
            Nullable(member, channel, "false", $$"""
                async Task OnReceived({{sender}}, BasicDeliverEventArgs ea)
                    {
                        if (ea.Redelivered)
                        {
                            await {{acking}}.BasicAckAsync(ea.DeliveryTag, multiple: false);
                            return;
                        }

                        await Work(ea.Body);
                        await {{acking}}.BasicAckAsync(ea.DeliveryTag, multiple: false);
                    }
                """));

    [Theory]
    [InlineData( // The pattern has shown that there is a message.
        "if (await channel.BasicGetAsync(\"q\", AUTOACK) is { } message)\n    await Work(message.Body);",
        "if (await channel.BasicGetAsync(\"q\", false) is { } message)\n{\n    await Work(message.Body);\n    await channel.BasicAckAsync(message.DeliveryTag, multiple: false);\n}")]
    [InlineData(
        "if (await channel.BasicGetAsync(\"q\", AUTOACK) is not { } message)\n    return;\n\nawait Work(message.Body);",
        "if (await channel.BasicGetAsync(\"q\", false) is not { } message)\n    return;\n\nawait Work(message.Body);\nawait channel.BasicAckAsync(message.DeliveryTag, multiple: false);")]
    [InlineData(
        "while (await channel.BasicGetAsync(\"q\", AUTOACK) is { } message)\n{\n    await Work(message.Body);\n}",
        "while (await channel.BasicGetAsync(\"q\", false) is { } message)\n{\n    await Work(message.Body);\n    await channel.BasicAckAsync(message.DeliveryTag, multiple: false);\n}")]
    public Task A_fetched_message_is_acked_where_a_pattern_found_it(string statements, string mended) => FixOf<AutoAck, AutoAckFix>.Mends(
        Client.RabbitMq7, Fetching(statements.Replace("AUTOACK", "{|REL1001:true|}", StringComparison.Ordinal)), Fetching(mended));

    [Fact]
    public Task Two_consumers_in_one_program_are_mended_together() => FixOf<AutoAck, AutoAckFix>.Mends(
        Client.RabbitMq7,
        """
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        var connection = await new ConnectionFactory().CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        var first = new AsyncEventingBasicConsumer(channel);
        first.ReceivedAsync += (_, ea) => Task.CompletedTask;
        var second = new AsyncEventingBasicConsumer(channel);
        second.ReceivedAsync += Handle;
        await channel.BasicConsumeAsync("a", {|REL1001:true|}, first);
        await channel.BasicConsumeAsync("b", autoAck: {|REL1001:true|}, consumer: second);
        var one = await channel.BasicGetAsync("c", {|REL1001:true|});

        Task Handle(object sender, BasicDeliverEventArgs ea)
        {
            Console.WriteLine(ea.RoutingKey);
            return Task.CompletedTask;
        }
        """,
        """
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        var connection = await new ConnectionFactory().CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        var first = new AsyncEventingBasicConsumer(channel);
        first.ReceivedAsync += async (_, ea) =>
        {
            await channel.BasicAckAsync(ea.DeliveryTag, multiple: false);
        };
        var second = new AsyncEventingBasicConsumer(channel);
        second.ReceivedAsync += Handle;
        await channel.BasicQosAsync(prefetchSize: 0, prefetchCount: 50, global: false);
        await channel.BasicConsumeAsync("a", false, first);
        await channel.BasicConsumeAsync("b", autoAck: false, consumer: second);
        var one = await channel.BasicGetAsync("c", false);

        async Task Handle(object sender, BasicDeliverEventArgs ea)
        {
            Console.WriteLine(ea.RoutingKey);
            await channel.BasicAckAsync(ea.DeliveryTag, multiple: false);
        }
        """);

    [Theory]
    [InlineData( // The client calls it, and waits for its task: the ack must wait too.
        "consumer.Received += (_, ea) => Work(ea.Body);",
        "consumer.Received += async (_, ea) =>\n{\n    await Work(ea.Body);\n    channel.BasicAck(ea.DeliveryTag, multiple: false);\n};")]
    [InlineData(
        "consumer.Received += delegate (object sender, BasicDeliverEventArgs ea)\n{\n    return Task.CompletedTask;\n};",
        "consumer.Received += delegate (object sender, BasicDeliverEventArgs ea)\n{\n    channel.BasicAck(ea.DeliveryTag, multiple: false);\n    return Task.CompletedTask;\n};")]
    public Task A_version_6_handler_of_tasks_acks_after_them(string handler, string mended) => FixOf<AutoAck, AutoAckFix>.Mends(
        Client.RabbitMq6, Version6Async(handler, "{|REL1001:true|}"), Version6Async(mended, "false"));

    [Theory]
    [InlineData(
        "var message = await channel.BasicGetAsync(\"q\", AUTOACK).ConfigureAwait(false);\nif (message is null)\n    return;\n\nawait Work(message.Body);",
        "\nawait channel.BasicAckAsync(message.DeliveryTag, multiple: false);")]
    [InlineData(
        "var message = await channel.BasicGetAsync(\"q\", AUTOACK);\nif (message != null)\n    await Work(message.Body);",
        "\nif (message is not null)\n    await channel.BasicAckAsync(message.DeliveryTag, multiple: false);")]
    [InlineData( // Some path leaves with the message unfinished: only people know whether it is done.
        "var message = await channel.BasicGetAsync(\"q\", AUTOACK);\nif (message == null || message.Redelivered == (message.MessageCount > 3))\n    throw new InvalidOperationException();\n\nif (message.Redelivered)\n    return;\n\nawait Work(message.Body);",
        "")]
    public Task A_fetched_message_is_acked_after_the_work(string statements, string ack) => FixOf<AutoAck, AutoAckFix>.Mends(
        Client.RabbitMq7,
        Fetching(statements.Replace("AUTOACK", "{|REL1001:true|}", StringComparison.Ordinal)),
        Fetching(statements.Replace("AUTOACK", "false", StringComparison.Ordinal) + ack));

    private static string Fetching(string statements) => $$"""
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;

        class Receiver
        {
            async Task Fetch(IChannel channel)
            {
                {{Indented(statements)}}
            }

            static Task Work(ReadOnlyMemory<byte> body) => Task.CompletedTask;
        }
        """;

    private static string Nullable(string member, string channel, string autoAck, string handler) => $$"""
        #nullable enable
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        class Receiver
        {
            {{member}}

            async Task Start(IConnection connection)
            {
                {{(channel == "(channel)" ? "var channel" : channel)}} = await connection.CreateChannelAsync();
                var consumer = new AsyncEventingBasicConsumer({{channel}});
                consumer.ReceivedAsync += OnReceived;
        {{(autoAck == "false" ? $"        await {channel.Trim('(', ')')}.BasicQosAsync(prefetchSize: 0, prefetchCount: 50, global: false);\n" : "")}}        await {{channel.Trim('(', ')')}}.BasicConsumeAsync("q", {{autoAck}}, consumer);
            }

            {{handler}}

            static Task Work(ReadOnlyMemory<byte> body) => Task.CompletedTask;
        }
        """;

    private static string Version6Async(string handler, string autoAck) => Version6(handler, autoAck, "")
        .Replace("new EventingBasicConsumer", "new AsyncEventingBasicConsumer", StringComparison.Ordinal)
        .Replace("static void Work(ReadOnlyMemory<byte> body) { }", "static Task Work(ReadOnlyMemory<byte> body) => Task.CompletedTask;", StringComparison.Ordinal)
        .Replace("using System;", "using System;\nusing System.Threading.Tasks;", StringComparison.Ordinal);

    private static string Indented(string lines) =>
        lines.Replace("\n", "\n        ", StringComparison.Ordinal).Replace("\n        \n", "\n\n", StringComparison.Ordinal);

    private static string Version6(string handler, string autoAck, string method) => $$"""
        using System;
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        class Receiver
        {
            void Start(IModel channel)
            {
                var consumer = new EventingBasicConsumer(channel);
                {{Indented(handler)}}
                channel.BasicConsume("q", {{autoAck}}, consumer);
            }

            static void Work(ReadOnlyMemory<byte> body) { }

            {{method}}
        }
        """;

    private static string Version7(string handler, string autoAck, string method) => $$"""
        using System;
        using System.Threading.Tasks;
        using RabbitMQ.Client;
        using RabbitMQ.Client.Events;

        class Receiver
        {
            async Task Start(IChannel channel)
            {
                var consumer = new AsyncEventingBasicConsumer(channel);
                {{Indented(handler)}}
                await channel.BasicConsumeAsync("q", {{autoAck}}, consumer);
            }

            static Task Work(ReadOnlyMemory<byte> body) => Task.CompletedTask;

            {{method}}
        }
        """;
}
