using Reliability.Analyzers.CodeFixes.Kafka;
using Reliability.Analyzers.Kafka;

namespace Reliability.Tests;

public class AutoCommitFixTests
{
    public static readonly TheoryData<Client> Clients = [Client.Kafka1, Client.Kafka2];

    [Theory, MemberData(nameof(Clients))]
    public Task The_loop_commits_after_the_work(Client client) => FixOf<AutoCommit, AutoCommitFix>.Mends(
        client,
        """
        using System;
        using System.Threading;
        using Confluent.Kafka;

        class Consumer
        {
            void Run(CancellationToken ct)
            {
                var config = new ConsumerConfig
                {
                    BootstrapServers = "b",
                    GroupId = "g",
                };
                using var consumer = new ConsumerBuilder<string, string>({|REL2001:config|}).SetLogHandler((_, _) => { }).Build();
                consumer.Subscribe("t");
                while (!ct.IsCancellationRequested)
                {
                    var result = consumer.Consume(ct);
                    Console.WriteLine(result.Message.Value);
                }
            }
        }
        """,
        """
        using System;
        using System.Threading;
        using Confluent.Kafka;

        class Consumer
        {
            void Run(CancellationToken ct)
            {
                var config = new ConsumerConfig
                {
                    BootstrapServers = "b",
                    GroupId = "g",
                    EnableAutoCommit = false,
                };
                using var consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
                consumer.Subscribe("t");
                while (!ct.IsCancellationRequested)
                {
                    var result = consumer.Consume(ct);
                    Console.WriteLine(result.Message.Value);
                    consumer.Commit(result);
                }
            }
        }
        """);

    [Theory, MemberData(nameof(Clients))]
    public Task A_poll_that_may_find_nothing_commits_what_it_found(Client client) => FixOf<AutoCommit, AutoCommitFix>.Mends(
        client,
        """
        using System;
        using Confluent.Kafka;

        class Consumer
        {
            private readonly IConsumer<string, string> _consumer =
                new ConsumerBuilder<string, string>({|REL2001:new ConsumerConfig { GroupId = "g", EnableAutoCommit = true }|}).Build();

            void Guarded()
            {
                while (true)
                {
                    var result = _consumer.Consume(TimeSpan.FromSeconds(1));
                    if (result == null)
                        continue;

                    Console.WriteLine(result.Message.Value);
                }
            }

            void Unguarded()
            {
                while (true)
                {
                    try
                    {
                        var result = _consumer.Consume(100);
                        Console.WriteLine(result?.Message.Value);
                    }
                    catch (ConsumeException e)
                    {
                        Console.WriteLine(e.Error.Reason);
                    }
                }
            }
        }
        """,
        """
        using System;
        using Confluent.Kafka;

        class Consumer
        {
            private readonly IConsumer<string, string> _consumer =
                new ConsumerBuilder<string, string>(new ConsumerConfig { GroupId = "g", EnableAutoCommit = false }).Build();

            void Guarded()
            {
                while (true)
                {
                    var result = _consumer.Consume(TimeSpan.FromSeconds(1));
                    if (result == null)
                        continue;

                    Console.WriteLine(result.Message.Value);
                    _consumer.Commit(result);
                }
            }

            void Unguarded()
            {
                while (true)
                {
                    try
                    {
                        var result = _consumer.Consume(100);
                        Console.WriteLine(result?.Message.Value);
                        if (result is not null)
                            _consumer.Commit(result);
                    }
                    catch (ConsumeException e)
                    {
                        Console.WriteLine(e.Error.Reason);
                    }
                }
            }
        }
        """);

    [Theory]
    [InlineData("var record = consumer.Consume(ct);\nWork(record);", "var record = consumer.Consume(ct);\nWork(record);\nconsumer.Commit(record);")]
    [InlineData(
        "var record = consumer.Consume(100);\nif (record is null) continue;\nWork(record);",
        "var record = consumer.Consume(100);\nif (record is null) continue;\nWork(record);\nconsumer.Commit(record);")]
    [InlineData( // A record that is skipped is covered by the next commit.
        "var record = consumer.Consume(100);\nif (record?.Message == null || record.Message.Value == \"\")\n{\n    continue;\n}\n\nWork(record);",
        "var record = consumer.Consume(100);\nif (record?.Message == null || record.Message.Value == \"\")\n{\n    continue;\n}\n\nWork(record);\nconsumer.Commit(record);")]
    [InlineData( // It leaves with a record, and goes on without one.
        "var record = consumer.Consume(100);\nif (record != null && record.IsPartitionEOF)\n    break;\n\nWork(record);",
        "var record = consumer.Consume(100);\nif (record != null && record.IsPartitionEOF)\n    break;\n\nWork(record);\nif (record is not null)\n    consumer.Commit(record);")]
    [InlineData(
        "if (consumer.Consume(100) is { } record)\n    Work(record);",
        "if (consumer.Consume(100) is { } record)\n{\n    Work(record);\n    consumer.Commit(record);\n}")]
    [InlineData(
        "if (consumer.Consume(100) is { IsPartitionEOF: false } record && record.Offset > 3)\n{\n    // The sum first.\n    Work(record);\n}\nelse\n{\n    Idle();\n}",
        "if (consumer.Consume(100) is { IsPartitionEOF: false } record && record.Offset > 3)\n{\n    // The sum first.\n    Work(record);\n    consumer.Commit(record);\n}\nelse\n{\n    Idle();\n}")]
    [InlineData(
        "if (consumer.Consume(100) is not { } record)\n    continue;\n\nWork(record);",
        "if (consumer.Consume(100) is not { } record)\n    continue;\n\nWork(record);\nconsumer.Commit(record);")]
    [InlineData(
        "if (consumer.Consume(100) is not ConsumeResult<string, string> record || record.IsPartitionEOF)\n    continue;\n\nif (record.Offset > 3)\n    continue;\n\nWork(record);",
        "if (consumer.Consume(100) is not ConsumeResult<string, string> record || record.IsPartitionEOF)\n    continue;\n\nif (record.Offset > 3)\n    continue;\n\nWork(record);\nconsumer.Commit(record);")]
    [InlineData(
        "while (consumer.Consume(TimeSpan.Zero) is { } record)\n{\n    Work(record);\n}",
        "while (consumer.Consume(TimeSpan.Zero) is { } record)\n{\n    Work(record);\n    consumer.Commit(record);\n}")]
    [InlineData(
        "while (consumer.Consume(TimeSpan.Zero) is { } record) { Work(record); }",
        "while (consumer.Consume(TimeSpan.Zero) is { } record) { Work(record); consumer.Commit(record); }")]
    [InlineData(
        "ConsumeResult<string, string> record;\nwhile ((record = consumer.Consume(100)) != null)\n    Work(record);",
        "ConsumeResult<string, string> record;\nwhile ((record = consumer.Consume(100)) != null)\n{\n    Work(record);\n    consumer.Commit(record);\n}")]
    [InlineData(
        "ConsumeResult<string, string> record;\nrecord = consumer.Consume(ct);\nWork(record);",
        "ConsumeResult<string, string> record;\nrecord = consumer.Consume(ct);\nWork(record);\nconsumer.Commit(record);")]
    [InlineData( // The work ends the loop.
        "if (consumer.Consume(100) is { } record)\n{\n    Work(record);\n    return;\n}",
        "if (consumer.Consume(100) is { } record)\n{\n    Work(record);\n    consumer.Commit(record);\n    return;\n}")]
    public Task A_loop_commits_each_record_after_its_work(string statements, string mended) => FixOf<AutoCommit, AutoCommitFix>.Mends(
        Client.Kafka1, Looping(statements, "{|REL2001:config|}", "true"), Looping(mended, "config", "false"));

    [Theory]
    [InlineData("if (consumer.Consume(100) is { } record)\n    producer.Produce(\"t\", record.Message, report => { });")]
    [InlineData("var record = consumer.Consume(ct);\nTask.Run(() => Work(record));")]
    [InlineData("var record = consumer.Consume(ct);\n_ = WorkAsync(record);")]
    [InlineData("var record = consumer.Consume(ct);\nif (record.Offset > 3)\n    WorkAsync(record).ConfigureAwait(false);")]
    public Task Work_that_outlives_its_loop_is_left_to_people(string statements) => FixOf<AutoCommit, AutoCommitFix>.Leaves(
        Client.Kafka1, Looping(statements, "{|REL2001:config|}", "true"));

    [Theory]
    [InlineData(
        "if (consumer.Consume(100) is { } record)\n    WorkAsync(record).GetAwaiter().GetResult();",
        "if (consumer.Consume(100) is { } record)\n{\n    WorkAsync(record).GetAwaiter().GetResult();\n    consumer.Commit(record);\n}")]
    [InlineData(
        "var record = consumer.Consume(ct);\nproducer.Produce(\"t\", record.Message);\nproducer.Flush(ct);",
        "var record = consumer.Consume(ct);\nproducer.Produce(\"t\", record.Message);\nproducer.Flush(ct);\nconsumer.Commit(record);")]
    public Task Work_that_is_waited_for_is_committed(string statements, string mended) => FixOf<AutoCommit, AutoCommitFix>.Mends(
        Client.Kafka1, Looping(statements, "{|REL2001:config|}", "true"), Looping(mended, "config", "false"));

    [Theory, MemberData(nameof(Clients))]
    public Task Every_spelling_is_turned_off(Client client) => FixOf<AutoCommit, AutoCommitFix>.Mends(
        client,
        """
        using System.Collections.Generic;
        using Confluent.Kafka;

        class Consumers
        {
            void Build()
            {
                var set = new ConsumerConfig();
                set.Set("enable.auto.commit", "true");
                var property = new ConsumerConfig();
                property.EnableAutoCommit = true;
                var pairs = new Dictionary<string, string> { { "group.id", "g" }, { "enable.auto.commit", "true" } };
                var keys = new Dictionary<string, string> { ["group.id"] = "g" };
                var plain = new Dictionary<string, string> { { "group.id", "g" } };
                using var first = new ConsumerBuilder<string, string>({|REL2001:set|}).Build();
                using var second = new ConsumerBuilder<string, string>({|REL2001:property|}).Build();
                using var third = new ConsumerBuilder<string, string>({|REL2001:pairs|}).Build();
                using var fourth = new ConsumerBuilder<string, string>({|REL2001:keys|}).Build();
                using var fifth = new ConsumerBuilder<string, string>({|REL2001:plain|}).Build();
            }
        }
        """,
        """
        using System.Collections.Generic;
        using Confluent.Kafka;

        class Consumers
        {
            void Build()
            {
                var set = new ConsumerConfig();
                set.Set("enable.auto.commit", "false");
                var property = new ConsumerConfig();
                property.EnableAutoCommit = false;
                var pairs = new Dictionary<string, string> { { "group.id", "g" }, { "enable.auto.commit", "false" } };
                var keys = new Dictionary<string, string> { ["group.id"] = "g", ["enable.auto.commit"] = "false" };
                var plain = new Dictionary<string, string> { { "group.id", "g" }, { "enable.auto.commit", "false" } };
                using var first = new ConsumerBuilder<string, string>(set).Build();
                using var second = new ConsumerBuilder<string, string>(property).Build();
                using var third = new ConsumerBuilder<string, string>(pairs).Build();
                using var fourth = new ConsumerBuilder<string, string>(keys).Build();
                using var fifth = new ConsumerBuilder<string, string>(plain).Build();
            }
        }
        """);

    [Theory, MemberData(nameof(Clients))]
    public Task A_consumer_that_commits_already_gets_no_second_commit(Client client) => FixOf<AutoCommit, AutoCommitFix>.Mends(
        client,
        """
        using Confluent.Kafka;

        var builder = new ConsumerBuilder<string, string>({|REL2001:new ConsumerConfig()|});
        using var consumer = builder.Build();
        for (;;)
        {
            var result = consumer.Consume();
            if (result.Offset % 100 == 0)
                consumer.Commit(result);
        }
        """,
        """
        using Confluent.Kafka;

        var builder = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false });
        using var consumer = builder.Build();
        for (;;)
        {
            var result = consumer.Consume();
            if (result.Offset % 100 == 0)
                consumer.Commit(result);
        }
        """);

    [Theory, MemberData(nameof(Clients))]
    public Task The_consumer_of_a_builder_kept_apart_is_found(Client client) => FixOf<AutoCommit, AutoCommitFix>.Mends(
        client,
        """
        using System;
        using Confluent.Kafka;

        var builder = new ConsumerBuilder<string, string>({|REL2001:new ConsumerConfig()|});
        using var consumer = builder.Build();
        do
        {
            var result = consumer.Consume();
            Console.WriteLine(result.Message.Value);
        }
        while (true);
        """,
        """
        using System;
        using Confluent.Kafka;

        var builder = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false });
        using var consumer = builder.Build();
        do
        {
            var result = consumer.Consume();
            Console.WriteLine(result.Message.Value);
            consumer.Commit(result);
        }
        while (true);
        """);

    [Fact]
    public Task A_consumer_made_in_the_constructor_commits_in_its_loops() => FixOf<AutoCommit, AutoCommitFix>.Mends(
        Client.Kafka2,
        """
        using System;
        using System.Threading;
        using Confluent.Kafka;

        class Consumer
        {
            private readonly IConsumer<string, string> _consumer;

            public Consumer()
            {
                var config = new ConsumerConfig();
                config.GroupId = "g";
                this._consumer = new ConsumerBuilder<string, string>({|REL2001:config|}).Build();
            }

            public void Run(CancellationToken ct)
            {
                while (true)
                {
                    var result = _consumer.Consume(ct);
                    if (result.IsPartitionEOF)
                        continue;

                    Console.WriteLine(result.Message.Value);
                }
            }
        }
        """,
        """
        using System;
        using System.Threading;
        using Confluent.Kafka;

        class Consumer
        {
            private readonly IConsumer<string, string> _consumer;

            public Consumer()
            {
                var config = new ConsumerConfig { EnableAutoCommit = false };
                config.GroupId = "g";
                this._consumer = new ConsumerBuilder<string, string>(config).Build();
            }

            public void Run(CancellationToken ct)
            {
                while (true)
                {
                    var result = _consumer.Consume(ct);
                    if (result.IsPartitionEOF)
                        continue;

                    Console.WriteLine(result.Message.Value);
                    _consumer.Commit(result);
                }
            }
        }
        """);

    [Fact]
    public Task A_shared_client_configuration_leaves_it_to_the_consumers_own() => FixOf<AutoCommit, AutoCommitFix>.Mends(
        Client.Kafka2,
        """
        using Confluent.Kafka;

        var shared = new ClientConfig { BootstrapServers = "b" };
        var config = new ConsumerConfig(shared) { GroupId = "g" };
        using var consumer = new ConsumerBuilder<string, string>({|REL2001:config|}).Build();
        """,
        """
        using Confluent.Kafka;

        var shared = new ClientConfig { BootstrapServers = "b" };
        var config = new ConsumerConfig(shared) { GroupId = "g", EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<string, string>(config).Build();
        """);

    private static string Looping(string statements, string config, string enabled) => $$"""
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        using Confluent.Kafka;

        class Forwarder
        {
            void Run(IProducer<string, string> producer, CancellationToken ct)
            {
                var config = new ConsumerConfig { GroupId = "g", EnableAutoCommit = {{enabled}} };
                using var consumer = new ConsumerBuilder<string, string>({{config}}).Build();
                while (!ct.IsCancellationRequested)
                {
                    {{statements.Replace("\n", "\n            ", StringComparison.Ordinal).Replace("\n            \n", "\n\n", StringComparison.Ordinal)}}
                }
            }

            static void Work(ConsumeResult<string, string> record) { }

            static Task WorkAsync(ConsumeResult<string, string> record) => Task.CompletedTask;

            static void Idle() { }
        }
        """;
}
