namespace Reliability.Tests.Kafka;

public sealed class UnobservedDeliveryTests
{
    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.{|REL2104:Produce|}(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.{|REL2104:Produce|}(new TopicPartition(topic, 0), new Message<string, string>(), null);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.{|REL2104:ProduceAsync|}(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); _ = producer.{|REL2104:ProduceAsync|}(topic, new Message<string, string>(), token);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2104:new ProducerConfig { EnableDeliveryReports = false }|}).Build();""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<UnobservedDelivery>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, new Message<string, string>(), r => Console.WriteLine(r.Error));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); await producer.ProduceAsync(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); var task = producer.ProduceAsync(topic, new Message<string, string>()); await task;""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); var all = new List<Task> { producer.ProduceAsync(topic, new Message<string, string>()) }; await Task.WhenAll(all);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.BeginTransaction(); producer.Produce(topic, new Message<string, string>()); producer.CommitTransaction();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); _ = producer.ProduceAsync(topic, new Message<string, string>()).ContinueWith(t => Console.WriteLine(t.Exception));""")]
    [InlineData("""Produce(_handler); using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); void Produce(Action<DeliveryReport<string, string>> handler) => _producer.Produce(topic, null, handler);""", """private readonly IProducer<string, string> _producer = null!; private readonly Action<DeliveryReport<string, string>> _handler; public Worker(Action<DeliveryReport<string, string>> handler) => _handler = handler;""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<UnobservedDelivery>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.{|REL2104:Produce|}(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.{|REL2104:Produce|}(new TopicPartition(topic, 0), new Message<string, string>(), null);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.{|REL2104:ProduceAsync|}(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); _ = producer.{|REL2104:ProduceAsync|}(topic, new Message<string, string>(), token);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2104:new ProducerConfig { EnableDeliveryReports = false }|}).Build();""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<UnobservedDelivery>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, new Message<string, string>(), r => Console.WriteLine(r.Error));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); await producer.ProduceAsync(topic, new Message<string, string>());""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); var task = producer.ProduceAsync(topic, new Message<string, string>()); await task;""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); var all = new List<Task> { producer.ProduceAsync(topic, new Message<string, string>()) }; await Task.WhenAll(all);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.BeginTransaction(); producer.Produce(topic, new Message<string, string>()); producer.CommitTransaction();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); _ = producer.ProduceAsync(topic, new Message<string, string>()).ContinueWith(t => Console.WriteLine(t.Exception));""")]
    [InlineData("""Produce(_handler); using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); void Produce(Action<DeliveryReport<string, string>> handler) => _producer.Produce(topic, null, handler);""", """private readonly IProducer<string, string> _producer = null!; private readonly Action<DeliveryReport<string, string>> _handler; public Worker(Action<DeliveryReport<string, string>> handler) => _handler = handler;""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<UnobservedDelivery>(Client.Kafka2, statements, members);
}
