namespace Reliability.Tests.Options;

/// <summary>Each option changes what is reported, both ways; in <c>.editorconfig</c> as in a global configuration.</summary>
public sealed class OptionTests
{
    private const string Acker = """
        static class Acker
        {
            public static void Done(IModel channel, BasicDeliverEventArgs delivery) => channel.BasicAck(delivery.DeliveryTag, false);
            public static void Done(IModel channel, ulong tag) => channel.BasicAck(tag, false);
        }
        class Store { public void Save(byte[] body) { } }
        """;

    private const string Committer = """
        class Committer { public virtual void Done(ConsumeResult<string, string> record) { } public virtual void Done() { } }
        class Store { public void Save(string value) { } }
        """;

    [Theory]
    [InlineData("REL1002", "Done", "Acker.Done(channel, ea); store.Save(ea.Body.ToArray());", true)]
    [InlineData("REL1002", "Acker.Done", "var tag = ea.DeliveryTag; Acker.Done(channel, tag); store.Save(ea.Body.ToArray());", true)]
    [InlineData("REL1002", "Shop.Acker.Done|Other", "Acker.Done(channel, ea.DeliveryTag); store.Save(ea.Body.ToArray());", true)]
    [InlineData("REL1002", "Shop.Acker.Done", "store.Save(ea.Body.ToArray()); Acker.Done(channel, ea);", false)]
    [InlineData("REL1002", "Other.Acker.Done|Done.Acker|one", "Acker.Done(channel, ea); store.Save(ea.Body.ToArray());", false)]
    [InlineData("REL1002", "", "Acker.Done(channel, ea); store.Save(ea.Body.ToArray());", false)]
    [InlineData("REL1008", "Acker.Done", "try { store.Save(ea.Body.ToArray()); } catch (Exception) { } Acker.Done(channel, ea);", true)]
    [InlineData("REL1008", "Acker.Done", "try { store.Save(ea.Body.ToArray()); } finally { Acker.Done(channel, ea); }", true)]
    [InlineData("REL1008", "Acker.Done", "try { store.Save(ea.Body.ToArray()); } catch (Exception) { throw; } Acker.Done(channel, ea);", false)]
    [InlineData("REL1008", "", "try { store.Save(ea.Body.ToArray()); } catch (Exception) { } Acker.Done(channel, ea);", false)]
    [InlineData("REL1003", "", "store.Save(new byte[0]); Current.Complete();", true)]
    [InlineData("REL1003", "Current.Complete", "store.Save(new byte[0]); Current.Complete();", false)]
    public Task Own_acknowledgements_count_as_acks(string id, string names, string handler, bool expected) => SaysAsync(
        expected, Client.RabbitMq6, id, names.Length == 0 ? "" : $"reliability_ack_methods = {names}",
        $$"""
        namespace Shop;
        {{Acker}}
        static class Current { public static void Complete() { } }
        class Worker
        {
            void Start(IModel channel, Store store)
            {
                var consumer = new EventingBasicConsumer(channel);
                consumer.Received += (sender, ea) => { {{handler}} };
                channel.BasicConsume("q", false, consumer);
            }
        }
        """);

    [Theory]
    [InlineData("REL2002", "Done", "committer.Done(record); store.Save(record.Message.Value);", true)]
    [InlineData("REL2002", "Committer.Done", "store.Save(record.Message.Value); committer.Done(record);", false)]
    [InlineData("REL2002", "", "committer.Done(record); store.Save(record.Message.Value);", false)]
    [InlineData("REL2003", "", "store.Save(record.Message.Value); committer.Done(record);", true)]
    [InlineData("REL2003", "Committer.Done", "store.Save(record.Message.Value); committer.Done(record);", false)]
    [InlineData("REL2004", "Committer.Done", "buffer.Enqueue(record); committer.Done(record);", true)]
    [InlineData("REL2004", "", "buffer.Enqueue(record); committer.Done(record);", false)]
    [InlineData("REL2005", "Committer.Done", "try { store.Save(record.Message.Value); } catch (Exception) { } committer.Done(record);", true)]
    [InlineData("REL2005", "Committer.Done", "try { store.Save(record.Message.Value); } catch (Exception) { throw; } committer.Done(record);", false)]
    [InlineData("REL2005", "", "try { store.Save(record.Message.Value); } catch (Exception) { } committer.Done(record);", false)]
    public Task Own_commits_count_as_commits(string id, string names, string loop, bool expected) => SaysAsync(
        expected, Client.Kafka2, id, names.Length == 0 ? "" : $"reliability_commit_methods = {names}",
        $$"""
        {{Committer}}
        class Worker
        {
            void Run(Committer committer, Store store, System.Collections.Concurrent.ConcurrentQueue<object> buffer, CancellationToken token)
            {
                using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build();
                while (true) { var record = consumer.Consume(token); {{loop}} }
            }
        }
        """);

    [Theory]
    [InlineData("REL1102", """channel.QueueDeclare("cache.prices", false, false, false, null);""")]
    [InlineData("REL1103", """channel.QueueDeclare("cache.prices", true, false, true, null);""")]
    [InlineData("REL1104", """channel.QueueDeclare("cache.prices", true, false, false, new Dictionary<string, object> { ["x-message-ttl"] = 5 });""")]
    [InlineData("REL1105", """channel.QueueDeclare("cache.prices", true, false, false, null);""")]
    [InlineData("REL1106", """channel.QueueDeclare("cache.prices", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "quorum" });""")]
    [InlineData("REL1001", """channel.BasicConsume("cache.prices", true, consumer);""")]
    [InlineData("REL1001", """channel.BasicGet("cache.prices", true);""")]
    [InlineData("REL1201", """channel.BasicPublish("", "cache.prices", null, body);""")]
    [InlineData("REL1202", """var own = connection.CreateModel(); own.BasicPublish("", "cache.prices", null, body);""")]
    public async Task Queues_that_are_transient_by_design_are_not_reported(string id, string statement)
    {
        await SaysInMethodAsync(false, id, "reliability_transient_queues = orders.live | cache.*", statement);
        await SaysInMethodAsync(false, id, "reliability_transient_queues = cache.price?", statement);
        await SaysInMethodAsync(true, id, "reliability_transient_queues = cache|prices|Cache.*|cache.?|*.price", statement);
        await SaysInMethodAsync(true, id, "reliability_transient_exchanges = *", statement);
        await SaysInMethodAsync(true, id, "", statement);
    }

    [Theory]
    [InlineData("REL1101", """channel.ExchangeDeclare("prices", "fanout");""")]
    [InlineData("REL1201", """channel.BasicPublish("prices", "k", null, body);""")]
    [InlineData("REL1202", """var own = connection.CreateModel(); own.BasicPublish("prices", "k", null, body);""")]
    [InlineData("REL1204", """channel.BasicPublish("prices", "k", null, body);""")]
    public async Task Exchanges_that_are_transient_by_design_are_not_reported(string id, string statement)
    {
        await SaysInMethodAsync(false, id, "reliability_transient_exchanges = prices", statement);
        await SaysInMethodAsync(false, id, "reliability_transient_exchanges = p*c*s", statement);
        await SaysInMethodAsync(true, id, "reliability_transient_exchanges = p*x*s|", statement);
        await SaysInMethodAsync(true, id, "reliability_transient_queues = *", statement);
        await SaysInMethodAsync(true, id, "", statement);
    }

    [Fact]
    public async Task What_is_transient_by_design_may_be_so_in_definitions_too()
    {
        const string definitions = """{ "queues": [ { "name": "cache", "durable": false } ], "exchanges": [ { "name": "prices", "durable": false } ] }""";
        Task<string[]> Ids(string config) => new Project(Client.RabbitMq6, "class C { }").WithAdditional("/0/definitions.json", definitions).Configured("root = true\n[*]\n" + config).IdsAsync();

        Assert.Equal(["REL3002", "REL3002"], await Ids(""));
        Assert.Equal(["REL3002"], await Ids("reliability_transient_queues = cache"));
        Assert.Empty(await Ids("reliability_transient_queues = cache\nreliability_transient_exchanges = pri*"));
    }

    [Theory]
    [InlineData("awaited", """var own = connection.CreateModel(); own.ConfirmSelect(); own.BasicAcks += (s, e) => { }; own.BasicPublish("x", "k", null, body);""", true)]
    [InlineData("AWAITED", """var own = connection.CreateModel(); own.ConfirmSelect(); own.BasicAcks += (s, e) => { }; own.BasicPublish("x", "k", null, body); own.WaitForConfirmsOrDie();""", false)]
    [InlineData("handled", """var own = connection.CreateModel(); own.ConfirmSelect(); own.BasicAcks += (s, e) => { }; own.BasicPublish("x", "k", null, body);""", false)]
    public Task The_confirm_may_have_to_be_waited_for(string mode, string statements, bool expected) =>
        SaysInMethodAsync(expected, "REL1203", $"reliability_required_confirms = {mode}", statements);

    [Theory]
    [InlineData("awaited", "true, false", true)]
    [InlineData("awaited", "true, true", false)]
    [InlineData("handled", "true, false", false)]
    public Task In_version_7_the_client_waits_where_it_tracks(string mode, string options, bool expected) => SaysAsync(
        expected, Client.RabbitMq7, "REL1203", $"reliability_required_confirms = {mode}",
        $$"""
        class C
        {
            async Task M(IConnection connection, byte[] body)
            {
                var own = await connection.CreateChannelAsync(new CreateChannelOptions({{options}}));
                own.BasicAcksAsync += async (s, e) => await Task.Yield();
                await own.BasicPublishAsync("x", "k", body);
            }
        }
        """);

    [Theory]
    [InlineData("", 1, true)]
    [InlineData("", 2, false)]
    [InlineData("3", 2, true)]
    [InlineData("3", 3, false)]
    [InlineData("3", -1, false)]
    [InlineData("1", 1, false)]
    public Task The_fewest_copies_of_a_topic_are_the_projects_to_say(string minimum, int factor, bool expected) => SaysAsync(
        expected, Client.Kafka1, "REL2201", minimum.Length == 0 ? "" : $"reliability_minimum_replication_factor = {minimum}",
        $$"""class C { object M() => new Confluent.Kafka.Admin.TopicSpecification { Name = "t", ReplicationFactor = {{factor}} }; }""");

    [Fact]
    public async Task The_report_names_the_option_that_asks_for_more_copies()
    {
        var reports = await new Project(Client.Kafka2, """class C { object M() => new Confluent.Kafka.Admin.TopicSpecification { ReplicationFactor = 2 }; }""")
            .Configured("root = true\n[*.cs]\nreliability_minimum_replication_factor = 3\n").ReportsAsync();

        Assert.Equal("'ReplicationFactor' is 2: fewer than the 3 copies that 'reliability_minimum_replication_factor' asks for", Assert.Single(reports).GetMessage(null));
    }

    [Theory]
    [InlineData("true", false)]
    [InlineData("false", true)]
    public Task Dead_letters_may_be_set_by_policy(string value, bool expected) => SaysInMethodAsync(
        expected, "REL1106", $"reliability_dead_letters_by_policy = {value}",
        """channel.QueueDeclare("q", true, false, false, new Dictionary<string, object> { ["x-queue-type"] = "quorum" });""");

    private static Task SaysInMethodAsync(bool expected, string id, string option, string statements) => SaysAsync(
        expected, Client.RabbitMq6, id, option, $$"""class C { void M(IConnection connection, IModel channel, IBasicConsumer consumer, byte[] body) { {{statements}} } }""");

    /// <summary>Once by <c>.editorconfig</c>, once by a global configuration.</summary>
    private static async Task SaysAsync(bool expected, Client client, string id, string option, string code)
    {
        var source = Verify.Usings(client) + code;
        Assert.Equal(expected, await new Project(client, source).Configured($"root = true\n[*.cs]\n{option}\n").SaysAsync(id));
        Assert.Equal(expected, await new Project(client, source).Configured($"is_global = true\n{option}\n", "/0/.globalconfig").SaysAsync(id));
    }
}
