namespace Reliability.Tests.Kafka;

public sealed class NotClosedTests
{
    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).{|REL2007:Build|}(); while (true) { var r = consumer.Consume(token); }""")]
    [InlineData("""using (var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).{|REL2007:Build|}()) { consumer.Consume(1000); }""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<NotClosed>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); try { consumer.Consume(token); } finally { consumer.Close(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Subscribe(topic);""")]
    [InlineData("""_consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); _consumer.Consume(token);""", """private IConsumer<string, string> _consumer = null!; public void Stop() { _consumer.Close(); _consumer.Dispose(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Consume(token); Outside.Keep(consumer); } static class Outside { public static Action<IConsumer<string, string>> Keep = null!;""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<NotClosed>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).{|REL2007:Build|}(); while (true) { var r = consumer.Consume(token); }""")]
    [InlineData("""using (var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).{|REL2007:Build|}()) { consumer.Consume(1000); }""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<NotClosed>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); try { consumer.Consume(token); } finally { consumer.Close(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Subscribe(topic);""")]
    [InlineData("""_consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); _consumer.Consume(token);""", """private IConsumer<string, string> _consumer = null!; public void Stop() { _consumer.Close(); _consumer.Dispose(); }""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build(); consumer.Consume(token); Outside.Keep(consumer); } static class Outside { public static Action<IConsumer<string, string>> Keep = null!;""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<NotClosed>(Client.Kafka2, statements, members);
}
