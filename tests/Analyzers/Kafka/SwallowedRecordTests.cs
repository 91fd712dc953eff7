namespace Reliability.Tests.Kafka;

public sealed class SwallowedRecordTests
{
    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } {|REL2005:catch|} (Exception e) { Console.WriteLine(e.Message); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (ConsumeException) { } {|REL2005:catch|} {  } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); try { _store.Save(r.Message.Value); } {|REL2005:catch|} (Exception e) { Console.WriteLine(e); await Task.Delay(100); continue; } consumer.StoreOffset(r); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); await ProcessAsync(r.Message.Value); consumer.Commit(r); }""", """private async Task ProcessAsync(string value) { try { await _store.SaveAsync(value); } {|REL2005:catch|} (Exception e) { Console.WriteLine(e); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (!token.IsCancellationRequested) { var r = consumer.Consume(token); Process(consumer, r); }""", """private void Process(IConsumer<string, string> consumer, ConsumeResult<string, string> r) { try { _store.Save(r.Message.Value); consumer.Commit(r); } {|REL2005:catch|} { } }""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<SwallowedRecord>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (ConsumeException e) { Console.WriteLine(e); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception) { throw; } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception) { break; } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception) { return; } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception e) { _store.SaveFailed(e.Message); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); try { while (true) { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } } catch (Exception) { }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); while (true) { try { _store.Save(consumer.Consume(token).Message.Value); } catch (Exception) { } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); try { _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception) { consumer.Seek(r.TopicPartitionOffset); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); if (Process(r.Message.Value)) consumer.Commit(r); }""", """private bool Process(string value) { try { _store.Save(value); return true; } catch (Exception e) { Console.WriteLine(e); return false; } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); Process(r.Message.Value); consumer.Commit(r); }""", """private void Process(string value) { try { _store.Save(value); } catch (Exception) { _store.SaveFailed(value); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); _store.Save(r.Message.Value); Measure(); consumer.Commit(r); }""", """private void Measure() { try { _store.Save("x"); } catch (Exception e) { Console.WriteLine(e); } }""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<SwallowedRecord>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } {|REL2005:catch|} (Exception e) { Console.WriteLine(e.Message); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (ConsumeException) { } {|REL2005:catch|} {  } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); try { _store.Save(r.Message.Value); } {|REL2005:catch|} (Exception e) { Console.WriteLine(e); await Task.Delay(100); continue; } consumer.StoreOffset(r); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); await ProcessAsync(r.Message.Value); consumer.Commit(r); }""", """private async Task ProcessAsync(string value) { try { await _store.SaveAsync(value); } {|REL2005:catch|} (Exception e) { Console.WriteLine(e); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (!token.IsCancellationRequested) { var r = consumer.Consume(token); Process(consumer, r); }""", """private void Process(IConsumer<string, string> consumer, ConsumeResult<string, string> r) { try { _store.Save(r.Message.Value); consumer.Commit(r); } {|REL2005:catch|} { } }""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<SwallowedRecord>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (ConsumeException e) { Console.WriteLine(e); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception) { throw; } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception) { break; } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception) { return; } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { try { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception e) { _store.SaveFailed(e.Message); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); try { while (true) { var r = consumer.Consume(token); _store.Save(r.Message.Value); consumer.Commit(r); } } catch (Exception) { }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); while (true) { try { _store.Save(consumer.Consume(token).Message.Value); } catch (Exception) { } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false, EnableAutoOffsetStore = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); try { _store.Save(r.Message.Value); consumer.Commit(r); } catch (Exception) { consumer.Seek(r.TopicPartitionOffset); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); if (Process(r.Message.Value)) consumer.Commit(r); }""", """private bool Process(string value) { try { _store.Save(value); return true; } catch (Exception e) { Console.WriteLine(e); return false; } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); Process(r.Message.Value); consumer.Commit(r); }""", """private void Process(string value) { try { _store.Save(value); } catch (Exception) { _store.SaveFailed(value); } }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig { EnableAutoCommit = false }).Build(); consumer.Subscribe(topic); while (true) { var r = consumer.Consume(token); _store.Save(r.Message.Value); Measure(); consumer.Commit(r); }""", """private void Measure() { try { _store.Save("x"); } catch (Exception e) { Console.WriteLine(e); } }""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<SwallowedRecord>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task A_method_that_drops_the_failure_is_looked_into(Client client) => Verify.FileAsync<SwallowedRecord>(client, $$"""
        class Worker
        {
            private readonly IConsumer<string, string> _consumer; private readonly Store _store = new();
            public Worker(IConsumer<string, string> consumer) => _consumer = consumer;
            public async Task DirectAsync(CancellationToken token)
            {
                while (!token.IsCancellationRequested)
                {
                    var record = _consumer.Consume(token);
                    if (record.Message == null) continue;
                    await HandleAsync(record.Message.Value);
                    _consumer.Commit(record);
                }
            }
            private async Task HandleAsync(string text)
            {
                try { await _store.SaveAsync(text); } {|REL2005:catch|} (Exception e) { Console.WriteLine(e); }
            }
            public async Task DeadLettersAsync(CancellationToken token)
            {
                while (true)
                {
                    var record = _consumer.Consume(token);
                    var done = await TryAsync(record);
                    _consumer.StoreOffset(record);
                }
            }
            private async Task<bool> TryAsync(ConsumeResult<string, string> record)
            {
                try { await _store.SaveAsync(record.Message.Value); return true; }
                catch (Exception e) { await GiveUpAsync(record, e.Message); return false; }
            }
            private async Task GiveUpAsync(ConsumeResult<string, string> record, string why)
            {
                try { await _store.SaveAsync(record.Message.Value + why); } {|REL2005:catch|} (Exception e) when (e is not OperationCanceledException) { Console.WriteLine(e); }
            }
            public void Skips(CancellationToken token)
            {
                while (true)
                {
                    var record = _consumer.Consume(token);
                    try { _store.Save(record.Message.Value); _consumer.Commit(record); }
                    {|REL2005:catch|} (Exception e) { Console.WriteLine(e); _consumer.Commit(record); }
                }
            }
            public void Elsewhere(CancellationToken token)
            {
                while (true)
                {
                    try { var record = _consumer.Consume(token); SaveAndCommit(record); }
                    {|REL2005:catch|} (Exception e) { Console.WriteLine(e); }
                }
            }
            public async Task AnswersAsync(CancellationToken token)
            {
                while (true)
                {
                    try
                    {
                        var record = _consumer.Consume(token);
                        using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build();
                        await producer.ProduceAsync("answers", record.Message);
                        _consumer.Commit(record);
                    }
                    {|REL2005:catch|} (Exception e) { Console.WriteLine(e); }
                }
            }
            public async Task TurnsAsync(CancellationToken token) { while (!token.IsCancellationRequested) await TurnAsync(token); }
            private async Task TurnAsync(CancellationToken token)
            {
                try { var record = _consumer.Consume(token); await _store.SaveAsync(record.Message.Value); _consumer.Commit(record); }
                catch (OperationCanceledException) { throw; }
                {|REL2005:catch|} (Exception e) { Console.WriteLine(e); }
            }
            public async Task OnceAsync(CancellationToken token)
            {
                while (true)
                {
                    var record = _consumer.Consume(token);
                    if (!await _store.IsNewAsync(record.Message.Key)) continue;
                    await HandleAsync(record.Message.Value);
                    _consumer.Commit(record);
                }
            }
            private void SaveAndCommit(ConsumeResult<string, string> record) { _store.Save(record.Message.Value); _consumer.Commit(record); }
        }
        {{Store}}
        """);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task A_method_that_tells_or_does_only_part_of_the_work_is_left_alone(Client client) => Verify.FileAsync<SwallowedRecord>(client, $$"""
        class Worker
        {
            private readonly IConsumer<string, string> _consumer; private readonly ConsumerConfig _config = new(); private readonly Store _store = new();
            public Worker(IConsumer<string, string> consumer) => _consumer = consumer;
            public async Task AsksAsync(CancellationToken token)
            {
                while (true)
                {
                    var record = _consumer.Consume(token);
                    if (await TryAsync(record)) _consumer.Commit(record);
                }
            }
            public async Task AsksLaterAsync(CancellationToken token)
            {
                while (true)
                {
                    var record = _consumer.Consume(token);
                    var done = await TryAsync(record);
                    if (done) _consumer.Commit(record);
                }
            }
            private async Task<bool> TryAsync(ConsumeResult<string, string> record)
            {
                try { await _store.SaveAsync(record.Message.Value); return true; } catch (Exception e) { Console.WriteLine(e); return false; }
            }
            public async Task PartAsync(CancellationToken token)
            {
                while (true)
                {
                    var record = _consumer.Consume(token);
                    await _store.SaveAsync(record.Message.Value);
                    Show(record);
                    _consumer.Commit(record);
                }
            }
            private void Show(ConsumeResult<string, string> record) { try { _store.Save(record.Message.Key); } catch (Exception e) { Console.WriteLine(e); } }
            public void Anew(CancellationToken token)
            {
                while (true)
                {
                    try
                    {
                        using var consumer = new ConsumerBuilder<string, string>(_config).Build();
                        while (true) { var record = consumer.Consume(token); _store.Save(record.Message.Value); consumer.Commit(record); }
                    }
                    catch (Exception e) { Console.WriteLine(e); }
                }
            }
            public void Metrics(CancellationToken token)
            {
                while (true)
                {
                    var record = _consumer.Consume(token);
                    try { _store.Save("one more"); } catch (Exception e) { Console.WriteLine(e); }
                    _consumer.Commit(record);
                }
            }
            public async Task CommitsFirstAsync(CancellationToken token)
            {
                while (true)
                {
                    try { var record = _consumer.Consume(token); _consumer.Commit(record); await _store.SaveAsync(record.Message.Value); }
                    catch (Exception e) { Console.WriteLine(e); }
                }
            }
            public void Filtered(CancellationToken token)
            {
                while (true)
                {
                    var record = _consumer.Consume(token);
                    try { _store.Save(record.Message.Value); _consumer.Commit(record); } catch (Exception e) when (e is FormatException) { Console.WriteLine(e); }
                }
            }
        }
        {{Store}}
        """);

    private const string Store = "class Store { public void Save(string value) { } public Task SaveAsync(string value) => Task.CompletedTask; public Task<bool> IsNewAsync(string key) => Task.FromResult(true); }";
}
