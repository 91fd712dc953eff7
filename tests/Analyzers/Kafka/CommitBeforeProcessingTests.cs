namespace Reliability.Tests.Kafka;

public sealed class CommitBeforeProcessingTests
{
    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); consumer.{|REL2002:Commit|}(r); _store.Save(r.Message.Value); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); consumer.{|REL2002:Commit|}(); await _store.SaveAsync(r.Message.Value); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); consumer.{|REL2002:StoreOffset|}(r); var value = r.Message.Value; _store.Save(value); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); consumer.{|REL2002:Commit|}(new[] { new TopicPartitionOffset(r.TopicPartition, r.Offset + 1) }); _store.Save(r.Message.Value); }""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<CommitBeforeProcessing>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); if (r.Message == null) { consumer.Commit(r); continue; } _store.Save(r.Message.Value); consumer.Commit(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); Console.WriteLine(r.Offset); }""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<CommitBeforeProcessing>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); consumer.{|REL2002:Commit|}(r); _store.Save(r.Message.Value); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); consumer.{|REL2002:Commit|}(); await _store.SaveAsync(r.Message.Value); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); consumer.{|REL2002:StoreOffset|}(r); var value = r.Message.Value; _store.Save(value); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); consumer.{|REL2002:Commit|}(new[] { new TopicPartitionOffset(r.TopicPartition, r.Offset + 1) }); _store.Save(r.Message.Value); }""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<CommitBeforeProcessing>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); if (r.Message == null) { consumer.Commit(r); continue; } _store.Save(r.Message.Value); consumer.Commit(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); Console.WriteLine(r.Offset); }""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<CommitBeforeProcessing>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task A_record_that_is_handed_to_a_method(Client client) => Verify.FileAsync<CommitBeforeProcessing>(client, """
        class Worker(IConsumer<string, string> consumer, Store store)
        {
            private void Handle(ConsumeResult<string, string> record) { consumer.{|REL2002:Commit|}(record); store.Save(record.Message.Value); }
            private void Count(ConsumeResult<string, string> record) { store.Save(record.Message.Value); consumer.Commit(record); store.Save(record.Topic + record.Offset); }
            private async Task AnswerLaterAsync(ConsumeResult<string, string> record, IProducer<string, string> producer) { store.Save(record.Message.Value); consumer.{|REL2002:Commit|}(record); await producer.ProduceAsync("answers", record.Message); }
            private Task<string> AnswerAsync(ConsumeResult<string, string> record) { store.Save(record.Message.Value); consumer.Commit(record); return Task.FromResult(record.Message.Key); }
        }
        class Store { public void Save(string value) { } }
        """);
}
