namespace Reliability.Tests.Kafka;

public sealed class MayReorderTests
{
    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2107:new ProducerConfig { MaxInFlight = 5 }|}).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2107:new ProducerConfig { MaxInFlight = 2, EnableIdempotence = false }|}).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2107:new Dictionary<string, string> { ["max.in.flight.requests.per.connection"] = "5" }|}).Build();""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<MayReorder>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 1 }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 5, EnableIdempotence = true }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 5, EnableIdempotence = flag }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 5, TransactionalId = "t" }).Build();""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<MayReorder>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2107:new ProducerConfig { MaxInFlight = 5 }|}).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2107:new ProducerConfig { MaxInFlight = 2, EnableIdempotence = false }|}).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2107:new Dictionary<string, string> { ["max.in.flight.requests.per.connection"] = "5" }|}).Build();""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<MayReorder>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 1 }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 5, EnableIdempotence = true }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 5, EnableIdempotence = flag }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 5, TransactionalId = "t" }).Build();""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<MayReorder>(Client.Kafka2, statements, members);
}
