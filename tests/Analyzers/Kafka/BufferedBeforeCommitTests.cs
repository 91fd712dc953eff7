namespace Reliability.Tests.Kafka;

public sealed class BufferedBeforeCommitTests
{
    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var queue = new ConcurrentQueue<string>(); while (true) { var r = consumer.Consume(token); queue.Enqueue(r.Message.Value); consumer.{|REL2004:Commit|}(r); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var pipe = System.Threading.Channels.Channel.CreateUnbounded<string>(); while (true) { var r = consumer.Consume(token); await pipe.Writer.WriteAsync(r.Message.Value); consumer.{|REL2004:Commit|}(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); _ = Task.Run(() => _store.Save(r.Message.Value)); consumer.{|REL2004:StoreOffset|}(r); }""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<BufferedBeforeCommit>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var batch = new List<string>(); while (true) { var r = consumer.Consume(token); batch.Add(r.Message.Value); if (batch.Count > 9) { _store.Save(batch[0]); consumer.Commit(r); batch.Clear(); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); await Task.Run(() => _store.Save(r.Message.Value)); consumer.Commit(r); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var queue = new ConcurrentQueue<string>(); while (true) { var r = consumer.Consume(token); queue.Enqueue(r.Message.Value); if (queue.IsEmpty) consumer.Commit(r); }""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<BufferedBeforeCommit>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var queue = new ConcurrentQueue<string>(); while (true) { var r = consumer.Consume(token); queue.Enqueue(r.Message.Value); consumer.{|REL2004:Commit|}(r); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var pipe = System.Threading.Channels.Channel.CreateUnbounded<string>(); while (true) { var r = consumer.Consume(token); await pipe.Writer.WriteAsync(r.Message.Value); consumer.{|REL2004:Commit|}(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); _ = Task.Run(() => _store.Save(r.Message.Value)); consumer.{|REL2004:StoreOffset|}(r); }""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<BufferedBeforeCommit>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var batch = new List<string>(); while (true) { var r = consumer.Consume(token); batch.Add(r.Message.Value); if (batch.Count > 9) { _store.Save(batch[0]); consumer.Commit(r); batch.Clear(); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); await Task.Run(() => _store.Save(r.Message.Value)); consumer.Commit(r); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); var queue = new ConcurrentQueue<string>(); while (true) { var r = consumer.Consume(token); queue.Enqueue(r.Message.Value); if (queue.IsEmpty) consumer.Commit(r); }""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<BufferedBeforeCommit>(Client.Kafka2, statements, members);
}
