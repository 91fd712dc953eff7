using Microsoft.Extensions.DependencyInjection;
using Reliability.Tests.Services;

namespace Reliability.Tests.Operations;

/// <summary>What the transports say of brokers that go and come back.</summary>
public sealed class BrokerHealthTests
{
    [Fact]
    public async Task RabbitMQ_is_away_while_its_broker_is_and_connected_again_after()
    {
        await using var broker = await RabbitMqServer.StartAsync(TestContext.Current.CancellationToken);
        await using var application = await new TestApplication()
            .With(reliability => reliability.UseRabbitMq(broker.Uri.OriginalString))
            .With(reliability => reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, "paid"))).StartAsync();
        await StateAsync(application, TransportNames.RabbitMq, connected: true);

        await broker.KillAsync(TestContext.Current.CancellationToken);
        var away = await StateAsync(application, TransportNames.RabbitMq, connected: false);
        Assert.False(string.IsNullOrEmpty(away.Reason));

        await broker.RestartAsync(TestContext.Current.CancellationToken);
        Assert.Null((await StateAsync(application, TransportNames.RabbitMq, connected: true)).Reason);
    }

    [Fact]
    public async Task Kafka_is_away_while_its_brokers_are_and_connected_again_after()
    {
        using var kafka = MockKafkaCluster.Start(brokers: 1);
        await using var application = await new TestApplication().With(reliability => reliability.UseKafka(kafka.BootstrapServers, "test")).StartAsync();
        await StateAsync(application, TransportNames.Kafka, connected: true);

        kafka.SetDown(1);
        var away = await StateAsync(application, TransportNames.Kafka, connected: false);
        Assert.False(string.IsNullOrEmpty(away.Reason));

        kafka.SetUp(1);
        await StateAsync(application, TransportNames.Kafka, connected: true);
    }

    [Fact]
    public async Task A_host_stops_while_Kafka_is_asked()
    {
        using var kafka = MockKafkaCluster.Start(brokers: 1);
        await using var application = await new TestApplication().With(reliability => reliability.UseKafka(kafka.BootstrapServers, "test")).StartAsync();
        var transport = TransportOf(application, TransportNames.Kafka);
        await StateAsync(application, TransportNames.Kafka, connected: true);
        kafka.SetDown(1);

        var asked = Enumerable.Range(0, 5).Select(_ => transport.CheckAsync(TestContext.Current.CancellationToken).AsTask()).ToList();
        await application.StopAsync();

        Assert.All(await Task.WhenAll(asked), state => Assert.True(state.IsConnected || state.Reason is not null));
        Assert.False((await transport.CheckAsync(TestContext.Current.CancellationToken)).IsConnected);
    }

    private static ITransport TransportOf(TestApplication application, string name) =>
        application.Services.GetServices<ITransport>().Single(transport => transport.Name == name);

    private static Task<TransportState> StateAsync(TestApplication application, string name, bool connected) => Eventually.GetAsync(
        async () => await TransportOf(application, name).CheckAsync(TestContext.Current.CancellationToken), state => state.IsConnected == connected);
}
