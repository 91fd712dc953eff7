using Reliability.Analyzers.CodeFixes.Kafka;
using Reliability.Analyzers.Kafka;

namespace Reliability.Tests;

/// <summary>Fixes inside and around a loop that consumes.</summary>
public class ConsumeFixesTests
{
    [Theory]
    [InlineData(
        "while (!token.IsCancellationRequested)\n{\n    var record = consumer.Consume(token);\n    // Done with.\n    consumer.{|REL2002:Commit|}(record);\n\n    await WorkAsync(record.Message.Value);\n    Work(record.Message.Key);\n}",
        "while (!token.IsCancellationRequested)\n{\n    var record = consumer.Consume(token);\n\n    await WorkAsync(record.Message.Value);\n    Work(record.Message.Key);\n    // Done with.\n    consumer.Commit(record);\n}")]
    [InlineData(
        "while (true)\n{\n    var record = consumer.Consume(1000);\n    if (record == null)\n        continue;\n    consumer.{|REL2002:StoreOffset|}(record); // now\n    Work(record.Message.Value);\n    continue;\n}",
        "while (true)\n{\n    var record = consumer.Consume(1000);\n    if (record == null)\n        continue;\n    Work(record.Message.Value);\n    consumer.StoreOffset(record); // now\n    continue;\n}")]
    public async Task A_commit_moves_behind_the_work(string statements, string mended)
    {
        await FixOf<CommitBeforeProcessing, CommitBeforeProcessingFix>.Mends(Client.Kafka1, Given(statements), Given(mended));
        await FixOf<CommitBeforeProcessing, CommitBeforeProcessingFix>.Mends(Client.Kafka2, Given(statements), Given(mended));
    }

    [Theory]
    [InlineData("while (true)\n{\n    var record = consumer.Consume(token);\n    consumer.{|REL2002:Commit|}(record);\n    if (record.Message.Key == \"x\")\n        continue;\n    Work(record.Message.Value);\n}")]
    [InlineData("while (true)\n{\n    var record = consumer.Consume(token);\n    if (record != null)\n        consumer.{|REL2002:Commit|}(record);\n    Work(record.Message.Value);\n}")]
    [InlineData("while (true)\n{\n    var record = consumer.Consume(token);\n    consumer.{|REL2002:Commit|}(record);\n    WorkAsync(record.Message.Value);\n}")]
    public Task A_commit_that_has_no_one_place_is_left_to_people(string statements) => FixOf<CommitBeforeProcessing, CommitBeforeProcessingFix>.Leaves(Client.Kafka2, Given(statements));

    [Theory]
    [InlineData(
        "using var consumer = new ConsumerBuilder<string, string>(config).{|REL2007:Build|}();\nconsumer.Subscribe(\"t\");\n\n// Until it stops.\nwhile (!token.IsCancellationRequested)\n{\n    Work(consumer.Consume(token).Message.Value);\n}",
        "using var consumer = new ConsumerBuilder<string, string>(config).Build();\nconsumer.Subscribe(\"t\");\n\n// Until it stops.\ntry\n{\n    while (!token.IsCancellationRequested)\n    {\n        Work(consumer.Consume(token).Message.Value);\n    }\n}\nfinally\n{\n    consumer.Close();\n}")]
    [InlineData(
        "using (var consumer = new ConsumerBuilder<string, string>(config).{|REL2007:Build|}())\n{\n    consumer.Subscribe(\"t\");\n    try\n    {\n        while (true)\n            Work(consumer.Consume(token).Message.Value);\n    }\n    catch (OperationCanceledException)\n    {\n    }\n}",
        "using (var consumer = new ConsumerBuilder<string, string>(config).Build())\n{\n    consumer.Subscribe(\"t\");\n    try\n    {\n        while (true)\n            Work(consumer.Consume(token).Message.Value);\n    }\n    catch (OperationCanceledException)\n    {\n    }\n    finally\n    {\n        consumer.Close();\n    }\n}")]
    [InlineData(
        "var consumer = new ConsumerBuilder<string, string>(config).{|REL2007:Build|}();\ntry\n{\n    while (true)\n        Work(consumer.Consume(token).Message.Value);\n}\nfinally\n{\n    consumer.Dispose();\n}",
        "var consumer = new ConsumerBuilder<string, string>(config).Build();\ntry\n{\n    while (true)\n        Work(consumer.Consume(token).Message.Value);\n}\nfinally\n{\n    consumer.Close();\n    consumer.Dispose();\n}")]
    [InlineData(
        "_consumer = new ConsumerBuilder<string, string>(config).{|REL2007:Build|}();\nwhile (true)\n{\n    Work(_consumer.Consume(token).Message.Value);\n}",
        "_consumer = new ConsumerBuilder<string, string>(config).Build();\ntry\n{\n    while (true)\n    {\n        Work(_consumer.Consume(token).Message.Value);\n    }\n}\nfinally\n{\n    _consumer.Close();\n}")]
    [InlineData(
        "for (; ; )\n{\n    using var consumer = new ConsumerBuilder<string, string>(config).{|REL2007:Build|}();\n    do { Work(consumer.Consume(token).Message.Value); } while (true);\n}",
        "for (; ; )\n{\n    using var consumer = new ConsumerBuilder<string, string>(config).Build();\n    try\n    {\n        do { Work(consumer.Consume(token).Message.Value); } while (true);\n    }\n    finally\n    {\n        consumer.Close();\n    }\n}")]
    public async Task A_consumer_is_closed_when_its_loop_ends(string statements, string mended)
    {
        await FixOf<NotClosed, NotClosedFix>.Mends(Client.Kafka1, Built(statements), Built(mended));
        await FixOf<NotClosed, NotClosedFix>.Mends(Client.Kafka2, Built(statements), Built(mended));
    }

    [Theory]
    [InlineData("using var consumer = new ConsumerBuilder<string, string>(config).{|REL2007:Build|}();\nvar one = consumer.Consume(token);")]
    [InlineData("using var consumer = new ConsumerBuilder<string, string>(config).{|REL2007:Build|}();\nwhile (flag) Work(consumer.Consume(token).Message.Value);\nwhile (true) Work(consumer.Consume(token).Message.Key);")]
    [InlineData("using var consumer = new ConsumerBuilder<string, string>(config).{|REL2007:Build|}();\nwhile (flag)\n    Work(consumer.Consume(token).Message.Value);\nconsumer.Unsubscribe();")]
    public Task A_consumer_with_no_one_loop_is_left_to_people(string statements) => FixOf<NotClosed, NotClosedFix>.Leaves(Client.Kafka2, Built(statements));

    [Fact]
    public Task A_program_closes_its_consumer() => FixOf<NotClosed, NotClosedFix>.Mends(
        Client.Kafka2,
        "using System;\nusing Confluent.Kafka;\n\nusing var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).{|REL2007:Build|}();\nwhile (true)\n{\n    var record = consumer.Consume();\n    Console.WriteLine(record);\n    consumer.Commit(record);\n}\n",
        "using System;\nusing Confluent.Kafka;\n\nusing var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build();\ntry\n{\n    while (true)\n    {\n        var record = consumer.Consume();\n        Console.WriteLine(record);\n        consumer.Commit(record);\n    }\n}\nfinally\n{\n    consumer.Close();\n}\n");

    private static string Given(string statements) => Code(statements, "IConsumer<string, string> consumer");

    private static string Built(string statements) => Code(statements, "ConsumerConfig config");

    private static string Code(string statements, string parameter) => $$"""
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using Confluent.Kafka;

        class Worker
        {
            private IConsumer<string, string> _consumer;

            async Task RunAsync({{parameter}}, bool flag, CancellationToken token)
            {
                await Task.Yield();
                {{statements.Replace("\n", "\n        ", StringComparison.Ordinal).Replace("        \n", "\n", StringComparison.Ordinal)}}
            }

            void Work(string text) { }

            Task WorkAsync(string text) => Task.CompletedTask;
        }
        """;
}
