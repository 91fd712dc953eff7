namespace Reliability.Tests.Kafka;

public sealed class StoreWithAutoStoreTests
{
    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); var r = consumer.Consume(token); consumer.{|REL2008:StoreOffset|}(r);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = true, EnableAutoOffsetStore = true }).Build(); consumer.{|REL2008:StoreOffset|}(new TopicPartitionOffset(topic, 0, 1));""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<StoreWithAutoStore>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoOffsetStore = false }).Build(); var r = consumer.Consume(token); consumer.StoreOffset(r);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoOffsetStore = flag }).Build(); consumer.StoreOffset(consumer.Consume(token));""")]
    [InlineData("""_given.StoreOffset(_given.Consume(token));""", """private readonly IConsumer<string, string> _given = null!; public Worker(IConsumer<string, string> given) => _given = given;""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<StoreWithAutoStore>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); var r = consumer.Consume(token); consumer.{|REL2008:StoreOffset|}(r);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = true, EnableAutoOffsetStore = true }).Build(); consumer.{|REL2008:StoreOffset|}(new TopicPartitionOffset(topic, 0, 1));""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<StoreWithAutoStore>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoOffsetStore = false }).Build(); var r = consumer.Consume(token); consumer.StoreOffset(r);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoOffsetStore = flag }).Build(); consumer.StoreOffset(consumer.Consume(token));""")]
    [InlineData("""_given.StoreOffset(_given.Consume(token));""", """private readonly IConsumer<string, string> _given = null!; public Worker(IConsumer<string, string> given) => _given = given;""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<StoreWithAutoStore>(Client.Kafka2, statements, members);
}
