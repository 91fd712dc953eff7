using System.Text;
using Confluent.Kafka;
using Reliability.Tests.Services;

namespace Reliability.Tests.EndToEnd;

/// <summary>The whole path over Kafka's protocol, by librdkafka's mock cluster.</summary>
public sealed class KafkaTests
{
    [Fact]
    public async Task A_record_goes_through_the_broker_and_is_handled_once()
    {
        using var kafka = MockKafkaCluster.Start(brokers: 1);
        await using var application = await Application(kafka.BootstrapServers).StartAsync();

        await application.PublishAsync(Enumerable.Range(0, 500).Select(number => new Paid($"{number}")));

        await application.EffectsAsync(500);
        await application.SettledAsync();
        Assert.Equal(Enumerable.Range(0, 500).Select(number => $"{number}").Order(), (await application.EffectsAsync()).Order());
    }

    [Theory]
    [InlineData("{ no JSON", DeadLetterReason.Undecodable)]
    [InlineData("", DeadLetterReason.EmptyBody)]
    [InlineData("""{"Customer":"anna"}""", DeadLetterReason.MissingDedupeKey)]
    public async Task What_a_foreign_sender_without_headers_gets_wrong_is_kept_and_the_next_record_is_handled(string body, DeadLetterReason reason)
    {
        using var kafka = MockKafkaCluster.Start(brokers: 1);
        await using var application = await Application(kafka.BootstrapServers).StartAsync();

        await SendAsync(kafka.BootstrapServers, body);
        await application.PublishAsync(new Paid("next"));

        var letter = Assert.Single(await application.DeadLettersAsync(1));
        Assert.Equal((reason, TransportNames.Kafka, "paid", body), (letter.Reason, letter.Transport, letter.Source, Encoding.UTF8.GetString(letter.Envelope.Body.Span)));
        Assert.StartsWith("paid[", letter.Envelope.MessageId, StringComparison.Ordinal);
        Assert.Equal(["next"], await application.EffectsAsync(1));
    }

    private static TestApplication Application(string servers) => new TestApplication().With(reliability =>
    {
        var handler = new DelegateHandler<Paid>(TestJson.Default.Paid, (paid, context) =>
        {
            context.Effect(paid.Order);
            return ValueTask.CompletedTask;
        }, paid => paid.Order);
        reliability.UseKafka(servers, "test", options => options.Client["session.timeout.ms"] = "6000");
        reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, "paid"));
        reliability.AddHandler(new HandlerDescriptor("Test.Paid", TransportNames.Kafka, "paid", handler));
    });

    private static async Task SendAsync(string servers, string body)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = servers, Acks = Acks.All, EnableIdempotence = true }).Build();
        await producer.ProduceAsync("paid", new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(body) }, TestContext.Current.CancellationToken);
    }
}
