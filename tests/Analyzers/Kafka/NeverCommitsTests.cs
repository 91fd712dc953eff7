namespace Reliability.Tests.Kafka;

public sealed class NeverCommitsTests
{
    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).{|REL2003:Build|}(); var r = consumer.Consume(token); _store.Save(r.Message.Value);""")]
    [InlineData("""_consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).{|REL2003:Build|}(); while (true) { _store.Save(_consumer.Consume(token).Message.Value); }""", """private IConsumer<string, string> _consumer = null!;""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<NeverCommits>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoOffsetStore = false }).Build(); consumer.Consume(token);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Consume(token);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Assign(new TopicPartitionOffset(topic, 0, 5)); consumer.Consume(token);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); consumer.Consume(token); Commit(consumer); static void Commit(IConsumer<string, string> c) => c.Commit();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = flag }).Build(); consumer.Consume(token);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build();""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<NeverCommits>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).{|REL2003:Build|}(); var r = consumer.Consume(token); _store.Save(r.Message.Value);""")]
    [InlineData("""_consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).{|REL2003:Build|}(); while (true) { _store.Save(_consumer.Consume(token).Message.Value); }""", """private IConsumer<string, string> _consumer = null!;""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<NeverCommits>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoOffsetStore = false }).Build(); consumer.Consume(token);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Consume(token);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Assign(new TopicPartitionOffset(topic, 0, 5)); consumer.Consume(token);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); consumer.Consume(token); Commit(consumer); static void Commit(IConsumer<string, string> c) => c.Commit();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = flag }).Build(); consumer.Consume(token);""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build();""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<NeverCommits>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task A_consumer_that_another_class_commits_on(Client client) => Verify.FileAsync<NeverCommits>(client, """
        sealed class Worker
        {
            private readonly IConsumer<Ignore, string> _consumer;
            private readonly Progress _progress;
            public Worker()
            {
                _consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig { EnableAutoCommit = false }).Build();
                _progress = new Progress(_consumer);
            }
            public void Run() { var record = _consumer.Consume(); _progress.Done(record.TopicPartitionOffset); }
        }
        sealed class Progress
        {
            private readonly IConsumer<Ignore, string> _consumer;
            public Progress(IConsumer<Ignore, string> consumer) => _consumer = consumer;
            public void Done(TopicPartitionOffset offset) => _consumer.Commit(new[] { offset });
        }
        """);
}
