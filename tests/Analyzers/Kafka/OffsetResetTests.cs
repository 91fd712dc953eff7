namespace Reliability.Tests.Kafka;

public sealed class OffsetResetTests
{
    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>({|REL2006:new ConsumerConfig { GroupId = "g" }|}).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>({|REL2006:new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Latest }|}).Build();""")]
    [InlineData("""var config = new ConsumerConfig(); config.Set("topic.auto.offset.reset", "latest"); using var consumer = new ConsumerBuilder<string, string>({|REL2006:config|}).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>({|REL2006:new Dictionary<string, string> { ["auto.offset.reset"] = "largest" }|}).Build();""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<OffsetReset>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Earliest }).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new Dictionary<string, string> { ["auto.offset.reset"] = "smallest" }).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { AutoOffsetReset = flag ? AutoOffsetReset.Earliest : Enum.Parse<AutoOffsetReset>(topic) }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Error }).Build();""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<OffsetReset>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>({|REL2006:new ConsumerConfig { GroupId = "g" }|}).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>({|REL2006:new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Latest }|}).Build();""")]
    [InlineData("""var config = new ConsumerConfig(); config.Set("topic.auto.offset.reset", "latest"); using var consumer = new ConsumerBuilder<string, string>({|REL2006:config|}).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>({|REL2006:new Dictionary<string, string> { ["auto.offset.reset"] = "largest" }|}).Build();""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<OffsetReset>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Earliest }).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new Dictionary<string, string> { ["auto.offset.reset"] = "smallest" }).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { AutoOffsetReset = flag ? AutoOffsetReset.Earliest : Enum.Parse<AutoOffsetReset>(topic) }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { AutoOffsetReset = AutoOffsetReset.Error }).Build();""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<OffsetReset>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Code_that_chooses_has_decided_and_code_that_sets_it_on_some_path_has_not(Client client) => Verify.BodyAsync<OffsetReset>(client, """
        var chosen = new ConsumerConfig { AutoOffsetReset = text == "earliest" ? AutoOffsetReset.Earliest : AutoOffsetReset.Latest };
        using var one = new ConsumerBuilder<string, string>(chosen).Build();
        var half = new ConsumerConfig { GroupId = "g" };
        if (flag)
            half.AutoOffsetReset = AutoOffsetReset.Earliest;
        using var other = new ConsumerBuilder<string, string>({|REL2006:half|}).Build();
        """);
}
