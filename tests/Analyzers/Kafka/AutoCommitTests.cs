namespace Reliability.Tests.Kafka;

public sealed class AutoCommitTests
{
    public static TheoryData<Client, string> Reported => Matrix(
        """var config = new ConsumerConfig { EnableAutoCommit = true }; config.EnableAutoCommit ??= false; config.GroupId ??= "g"; new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """new ConsumerBuilder<Ignore, string>({|REL2001:new ConsumerConfig { GroupId = "g" }|}).Build();""",
        """var config = new ConsumerConfig { GroupId = "g", AutoOffsetReset = AutoOffsetReset.Earliest }; using var consumer = new ConsumerBuilder<Ignore, string>({|REL2001:config|}).Build();""",
        """var config = new ConsumerConfig { GroupId = "g", EnableAutoCommit = true }; new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """ConsumerConfig config = new() { EnableAutoCommit = true, EnableAutoOffsetStore = true }; new ConsumerBuilder<Ignore, string>(config: {|REL2001:config|});""",
        """var config = new ConsumerConfig(); config.EnableAutoCommit = true; new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """var config = new ConsumerConfig(); if (topic == "") config.EnableAutoCommit = false; new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """var config = new ConsumerConfig { EnableAutoCommit = false }; config.Set("enable.auto.commit", "true"); new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """var config = new ConsumerConfig { EnableAutoCommit = false }; config.Set("topic.auto.commit.enable", "1"); new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """var config = new ConsumerConfig { EnableAutoCommit = null }; new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """new ConsumerBuilder<Ignore, string>({|REL2001:new Dictionary<string, string> { ["group.id"] = "g", ["enable.auto.commit"] = "True" }|});""",
        """var config = new Dictionary<string, string> { { "group.id", "g" } }; new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """var shared = new ClientConfig { BootstrapServers = "b" }; var config = new ConsumerConfig(shared) { GroupId = "g" }; new ConsumerBuilder<Ignore, string>({|REL2001:config|});""",
        """var builder = new ConsumerBuilder<Ignore, string>({|REL2001:new ConsumerConfig { EnableAutoCommit = topic == "" ? true : false }|});""",
        """var config = new ConsumerConfig(); Console.WriteLine(config.GroupId); Console.WriteLine(config); new ConsumerBuilder<Ignore, string>({|REL2001:config|});""");

    public static TheoryData<Client, string> Silent => Matrix(
        """var config = new ConsumerConfig(); config.EnableAutoCommit ??= false; new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig { EnableAutoCommit = false }; new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig(); config.EnableAutoCommit = false; new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig { EnableAutoCommit = true, EnableAutoOffsetStore = false }; new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig { EnableAutoOffsetStore = false }; new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig { EnableAutoOffsetStore = bool.Parse(topic) }; new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig { EnableAutoCommit = bool.Parse(topic) }; new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig(); config.Set("enable.auto.commit", "false"); new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig(); config.Set(topic, "false"); new ConsumerBuilder<Ignore, string>(config);""",
        """var config = new ConsumerConfig(); config.Set("topic.enable.auto.commit", "FALSE"); new ConsumerBuilder<Ignore, string>(config);""",
        """new ConsumerBuilder<Ignore, string>(new Dictionary<string, string> { ["enable.auto.commit"] = "0" });""",
        """var config = new Dictionary<string, string>(); config.Add("enable.auto.commit", "false"); new ConsumerBuilder<Ignore, string>(config);""",
        """var shared = new ClientConfig(); var config = new ConsumerConfig(shared); shared.Set("enable.auto.commit", "false"); new ConsumerBuilder<Ignore, string>(config);""",
        """var shared = new ClientConfig(); var one = new ConsumerConfig(shared) { EnableAutoCommit = false }; var two = new ConsumerConfig(shared); new ConsumerBuilder<Ignore, string>(two);""",
        """var config = new ConsumerConfig(); Bind.To(config); new ConsumerBuilder<Ignore, string>(config); } static class Bind { public static Action<object> To;""",
        """var config = new ConsumerConfig(); Fill(config); new ConsumerBuilder<Ignore, string>(config); static void Fill(ConsumerConfig c) => c.EnableAutoCommit = false;""",
        """var config = new Own(); new ConsumerBuilder<Ignore, string>(config); } class Own : ConsumerConfig { public Own() { EnableAutoCommit = false; }""");

    [Theory]
    [MemberData(nameof(Reported))]
    public Task Reports(Client client, string statement) => Verify.BodyAsync<AutoCommit>(client, statement);

    [Theory]
    [MemberData(nameof(Silent))]
    public Task Is_silent(Client client, string statement) => Verify.BodyAsync<AutoCommit>(client, statement);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Configurations_in_fields_and_constructors(Client client) => Verify.FileAsync<AutoCommit>(client, """
        class Worker
        {
            private readonly ConsumerConfig _own = new() { GroupId = "g" };
            private readonly ConsumerConfig _manual;
            private readonly ConsumerConfig _given;
            private readonly IConsumer<Ignore, string> _consumer;
            public Worker(ConsumerConfig given)
            {
                _given = given;
                _manual = new ConsumerConfig { GroupId = "g" };
                _manual.EnableAutoCommit = false;
                var config = new ConsumerConfig { GroupId = "g" };
                _consumer = new ConsumerBuilder<Ignore, string>({|REL2001:config|}).Build();
            }
            public void Run()
            {
                new ConsumerBuilder<Ignore, string>({|REL2001:_own|});
                new ConsumerBuilder<Ignore, string>(_manual);
                new ConsumerBuilder<Ignore, string>(_given);
                new ConsumerBuilder<Ignore, string>({|REL2001:Config()|});
            }
            private static ConsumerConfig Config() => new() { GroupId = "g" };
        }
        """);

    private static TheoryData<Client, string> Matrix(params string[] statements)
    {
        var data = new TheoryData<Client, string>();
        foreach (var statement in statements)
        {
            data.Add(Client.Kafka1, statement);
            data.Add(Client.Kafka2, statement);
        }

        return data;
    }
}
