namespace Reliability.Tests.Kafka;

public sealed class RetriesLimitedTests
{
    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2103:new ProducerConfig { MessageSendMaxRetries = 3 }|}).Build(); await producer.ProduceAsync(topic, null);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2103:new ProducerConfig { MessageTimeoutMs = 5000 }|}).Build(); await producer.ProduceAsync(topic, null);""")]
    [InlineData("""var config = new ProducerConfig(); config.Set("retries", "2"); using var producer = new ProducerBuilder<string, string>({|REL2103:config|}).Build(); await producer.ProduceAsync(topic, null);""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<RetriesLimited>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = int.MaxValue, MessageTimeoutMs = 300000 }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageTimeoutMs = 0 }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageTimeoutMs = 5000 }).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) { _store.SaveFailed(e.Message); }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = 3 }).Build(); producer.Produce(topic, null, r => Console.WriteLine(r.Error));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = int.Parse(topic) }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = 3 }).Build();""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<RetriesLimited>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2103:new ProducerConfig { MessageSendMaxRetries = 3 }|}).Build(); await producer.ProduceAsync(topic, null);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2103:new ProducerConfig { MessageTimeoutMs = 5000 }|}).Build(); await producer.ProduceAsync(topic, null);""")]
    [InlineData("""var config = new ProducerConfig(); config.Set("retries", "2"); using var producer = new ProducerBuilder<string, string>({|REL2103:config|}).Build(); await producer.ProduceAsync(topic, null);""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<RetriesLimited>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = int.MaxValue, MessageTimeoutMs = 300000 }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageTimeoutMs = 0 }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageTimeoutMs = 5000 }).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) { _store.SaveFailed(e.Message); }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = 3 }).Build(); producer.Produce(topic, null, r => Console.WriteLine(r.Error));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = int.Parse(topic) }).Build();""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<RetriesLimited>(Client.Kafka2, statements, members);
}
