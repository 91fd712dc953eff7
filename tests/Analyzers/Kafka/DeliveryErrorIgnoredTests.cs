namespace Reliability.Tests.Kafka;

public sealed class DeliveryErrorIgnoredTests
{
    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:r => Console.WriteLine(r.Offset)|});""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:_ => { }|});""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:OnDelivered|});""", """private static void OnDelivered(DeliveryReport<string, string> report) => Console.WriteLine(report.Topic);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch (ProduceException<string, string>) { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch { }""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<DeliveryErrorIgnored>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => { if (r.Error.IsError) throw new Exception(); });""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => Console.WriteLine(r));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => Console.WriteLine(r.Status));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) { Console.WriteLine(e); }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string>) { throw; }""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<DeliveryErrorIgnored>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:r => Console.WriteLine(r.Offset)|});""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:_ => { }|});""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:OnDelivered|});""", """private static void OnDelivered(DeliveryReport<string, string> report) => Console.WriteLine(report.Topic);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch (ProduceException<string, string>) { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch { }""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<DeliveryErrorIgnored>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => { if (r.Error.IsError) throw new Exception(); });""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => Console.WriteLine(r));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => Console.WriteLine(r.Status));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) { Console.WriteLine(e); }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string>) { throw; }""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<DeliveryErrorIgnored>(Client.Kafka2, statements, members);
}
