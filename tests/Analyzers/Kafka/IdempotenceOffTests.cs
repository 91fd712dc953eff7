namespace Reliability.Tests.Kafka;

public sealed class IdempotenceOffTests
{
    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2102:new ProducerConfig { EnableIdempotence = false }|}).Build();""")]
    [InlineData("""var config = new ProducerConfig { Acks = Acks.Leader }; config.Set("enable.idempotence", "false"); using var producer = new ProducerBuilder<string, string>({|REL2102:config|}).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2102:new Dictionary<string, string> { ["enable.idempotence"] = "False" }|}).Build();""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<IdempotenceOff>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { EnableIdempotence = true }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { TransactionalId = "t" }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { Acks = Acks.Leader }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 10 }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { EnableIdempotence = flag }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = 0 }).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build();""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<IdempotenceOff>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2102:new ProducerConfig { EnableIdempotence = false }|}).Build();""")]
    [InlineData("""var config = new ProducerConfig { Acks = Acks.Leader }; config.Set("enable.idempotence", "false"); using var producer = new ProducerBuilder<string, string>({|REL2102:config|}).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>({|REL2102:new Dictionary<string, string> { ["enable.idempotence"] = "False" }|}).Build();""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<IdempotenceOff>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { EnableIdempotence = true }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { TransactionalId = "t" }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { Acks = Acks.Leader }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MaxInFlight = 10 }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { EnableIdempotence = flag }).Build();""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig { MessageSendMaxRetries = 0 }).Build();""")]
    [InlineData("""using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig()).Build();""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<IdempotenceOff>(Client.Kafka2, statements, members);

    [Fact]
    public Task Leaving_it_to_its_default_is_a_suggestion() => Verify.FileAsync<IdempotenceOff>(
        Client.Kafka2,
        """class C { void M() { new ProducerBuilder<string, string>({|#0:new ProducerConfig { Acks = Acks.All }|}).Build(); } }""",
        new Microsoft.CodeAnalysis.Testing.DiagnosticResult("REL2102", Microsoft.CodeAnalysis.DiagnosticSeverity.Info).WithLocation(0).WithLocation(0).WithArguments("'EnableIdempotence' is not set and defaults to false"));
}
