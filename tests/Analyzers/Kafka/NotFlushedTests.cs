namespace Reliability.Tests.Kafka;

public sealed class NotFlushedTests
{
    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).{|REL2105:Build|}(); producer.Produce(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).{|REL2105:Build|}(); for (var i = 0; i < 10; i++) { producer.Produce(topic, new Message<string, string>(), r => { }); producer.Poll(TimeSpan.Zero); }""")]
    [InlineData("""_producer = new ProducerBuilder<string, string>(new ProducerConfig()).{|REL2105:Build|}(); Send();""", """private IProducer<string, string> _producer = null!; private void Send() => _producer.Produce("t", new Message<string, string>());""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<NotFlushed>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).Build(); producer.Produce(topic, new Message<string, string>()); producer.Flush(token);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).Build(); await producer.ProduceAsync(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).Build(); producer.Produce(topic, new Message<string, string>()); var left = producer.Flush(TimeSpan.FromSeconds(5));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).Build(); producer.Produce(topic, new Message<string, string>()); Outside.Keep(producer); } static class Outside { public static Action<IProducer<string, string>> Keep = null!;""")]
    [InlineData("""_producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); _producer.Produce(topic, new Message<string, string>());""", """private IProducer<string, string> _producer = null!; public void Dispose() => _producer.Flush();""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<NotFlushed>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).{|REL2105:Build|}(); producer.Produce(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).{|REL2105:Build|}(); for (var i = 0; i < 10; i++) { producer.Produce(topic, new Message<string, string>(), r => { }); producer.Poll(TimeSpan.Zero); }""")]
    [InlineData("""_producer = new ProducerBuilder<string, string>(new ProducerConfig()).{|REL2105:Build|}(); Send();""", """private IProducer<string, string> _producer = null!; private void Send() => _producer.Produce("t", new Message<string, string>());""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<NotFlushed>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).Build(); producer.Produce(topic, new Message<string, string>()); producer.Flush(token);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).Build(); await producer.ProduceAsync(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).Build(); producer.Produce(topic, new Message<string, string>()); var left = producer.Flush(TimeSpan.FromSeconds(5));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).SetErrorHandler((_, e) => { }).Build(); producer.Produce(topic, new Message<string, string>()); Outside.Keep(producer); } static class Outside { public static Action<IProducer<string, string>> Keep = null!;""")]
    [InlineData("""_producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); _producer.Produce(topic, new Message<string, string>());""", """private IProducer<string, string> _producer = null!; public void Dispose() => _producer.Flush();""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<NotFlushed>(Client.Kafka2, statements, members);

    [Fact]
    public Task A_dropped_result_of_flush_is_a_suggestion() => Verify.FileAsync<NotFlushed>(
        Client.Kafka2,
        """class C { void M(IProducer<string, string> producer) { producer.Produce("t", new Message<string, string>()); producer.{|#0:Flush|}(TimeSpan.FromSeconds(5)); } }""",
        new Microsoft.CodeAnalysis.Testing.DiagnosticResult("REL2105", Microsoft.CodeAnalysis.DiagnosticSeverity.Info).WithLocation(0)
            .WithArguments("The result of Flush is dropped: it is the number of records that were not delivered in time, and are lost when the producer goes"));

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public Task Flush_means_nothing_to_a_producer_whose_tasks_are_awaited(Client client) => Verify.FileAsync<NotFlushed>(client, """
        sealed class Sender(IProducer<string, string> producer) : IDisposable
        {
            public async Task SendAsync(string text) => await producer.ProduceAsync("orders", new Message<string, string> { Value = text });
            public Task LaterAsync(string text) => producer.ProduceAsync("orders", new Message<string, string> { Value = text });
            public void Dispose() { producer.Flush(TimeSpan.FromSeconds(10)); producer.Dispose(); }
        }
        """);
}
