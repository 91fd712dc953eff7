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

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Plain_queues_and_lists_that_outlive_the_turn(Client client) => Verify.FileAsync<BufferedBeforeCommit>(client, """
        class Worker(IConsumer<string, string> consumer, CancellationToken token)
        {
            private readonly Queue<string> _later = new();
            private readonly List<string> _seen = new();
            public void Queued() { while (true) { var record = consumer.Consume(token); _later.Enqueue(record.Message.Value); consumer.{|REL2004:StoreOffset|}(record); consumer.Commit(record); } }
            public List<string> Fetched(int count)
            {
                var all = new List<string>();
                for (var i = 0; i < count; i++) { var record = consumer.Consume(token); all.Add(record.Message.Value); consumer.{|REL2004:Commit|}(record); }
                return all;
            }
            public void Batched()
            {
                var batch = new List<string>();
                while (true)
                {
                    var record = consumer.Consume(token);
                    batch.Add(record.Message.Value);
                    if (batch.Count < 10) continue;
                    if (Save(batch)) { consumer.Commit(record); batch.Clear(); }
                }
            }
            public void Remembered() { while (true) { var record = consumer.Consume(token); _seen.Add(record.Message.Key); consumer.Commit(record); } }
            public void Split() { while (true) { var record = consumer.Consume(token); var parts = new List<string>(); parts.Add(record.Message.Value); Save(parts); consumer.Commit(record); } }
            private bool Save(List<string> texts) => texts.Count > 0;
        }
        """);
}
